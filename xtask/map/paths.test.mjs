import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { areaPath, clearance, linePath, meshPath, toUnits } from "./paths.mjs";

test("units: the bounds become the width, north is up, both directions have one scale", () => {
  const { width, height, point } = toUnits([1000, 5000, 3000, 6000], 100);
  assert.deepEqual([width, height], [100, 50]);
  assert.deepEqual(point([1000, 6000]), [0, 0]);
  assert.deepEqual(point([3000, 5000]), [100, 50]);
});

test("a line is written with relative steps and without spare letters", () => {
  assert.equal(linePath([[5, 7], [8, 6], [9, 9], [4, 9], [4, 2]]), "M5 7l3-1 1 3h-5v-7");
});

test("an area: points that rounding merges or that lie on the way are dropped, rings without extent too", () => {
  const square = [[0, 0], [4, 0], [4.2, 0.1], [4, 2], [4, 4], [0, 4], [0, 0]];
  const speck = [[1, 1], [1.1, 1], [1, 1.1], [1, 1]];
  const point = ([x, y]) => [Math.round(x), Math.round(y)];
  assert.equal(areaPath({ type: "MultiPolygon", coordinates: [[square], [speck]] }, point), "M0 0h4v4h-4z");
});

test("the mesh keeps a spike that turns straight back", () => {
  assert.equal(meshPath([[[0, 0], [5, 0], [2, 0]]], (p) => p), "M0 0h5-3");
});

test("clearance is the distance to the nearest border, holes included", () => {
  const square = [[0, 0], [40, 0], [40, 40], [0, 40], [0, 0]];
  const hole = [[20, 20], [30, 20], [30, 30], [20, 30], [20, 20]];
  assert.equal(clearance({ type: "Polygon", coordinates: [square] }, [10, 15], (p) => p), 10);
  assert.equal(clearance({ type: "Polygon", coordinates: [square, hole] }, [14, 25], (p) => p), 6);
});

test("the committed map is small enough to stand inline in the page", () => {
  const map = JSON.parse(readFileSync(new URL("../../server/data/map.json", import.meta.url), "utf8"));
  const paths = (areas) => areas.map(({ d }) => d).join("\n");
  const bytes = (text) => brotliCompressSync(text).length;
  assert.ok(bytes(paths(map.districts)) <= 10_000, "the districts");
  assert.ok(bytes(paths(map.districts) + paths(map.towns) + map.mesh) <= 30_000, "everything");
});
