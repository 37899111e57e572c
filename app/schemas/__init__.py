"""Documents that travel: experiments, commands, frames. pydantic and the standard library only."""
