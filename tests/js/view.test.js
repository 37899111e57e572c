import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT, viewOf, withView } from "../../static/js/core/view.js";

test("an address without a view shows the usual one", () => {
  assert.deepEqual(viewOf("?data.kind=xor"), DEFAULT);
});

test("a view goes into the address and comes back", () => {
  const view = { test_points: true, discretise: true, charts: ["loss", "surface"], hide: ["data.noise", "play"] };
  const query = withView("?data.kind=xor", view);
  assert.equal(
    query,
    "?data.kind=xor&view.test_points=true&view.discretise=true&view.charts=loss,surface&view.hide=data.noise,play",
  );
  assert.deepEqual(viewOf(query), view);
});

test("what is usual again leaves the address, and the rest of it stays as it is", () => {
  assert.equal(withView("?a=1,2;3&view.discretise=true", DEFAULT), "?a=1,2;3");
  assert.equal(withView("?view.discretise=true", DEFAULT), "");
});
