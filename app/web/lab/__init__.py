"""The 2-D lab as HTML: what its templates show, and how its forms become changes of the Experiment.

app.web.pages has the routes; everything here is plain functions from documents to frozen contexts, or back.
"""
