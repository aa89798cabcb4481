// From projected geometry to compact SVG paths in whole map units.

/** Maps metres (EPSG:25832) to whole units, north up, so that the bounds become `width` units wide. */
export function toUnits([west, south, east, north], width) {
  const scale = width / (east - west);
  return {
    width,
    height: Math.ceil((north - south) * scale),
    point: ([x, y]) => [Math.round((x - west) * scale), Math.round((north - y) * scale)],
  };
}

/** `d` of a polygon or multipolygon: one closed ring after the other. Rings that collapse to a line are dropped. */
export function areaPath(geometry, point) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons
    .flat()
    .map((ring) => withoutSpare(ring.map(point)).slice(0, -1))
    .filter((ring) => ring.length > 2)
    .map((ring) => linePath(ring) + "z")
    .join("");
}

/** `d` of several lines that share no segment. */
export function meshPath(lines, point) {
  return lines
    .map((line) => withoutSpare(line.map(point)))
    .filter((line) => line.length > 1)
    .map(linePath)
    .join("");
}

/**
 * `d` of one line: an absolute start, then relative steps. A step straight east or south takes `h` or `v`; a minus
 * sign stands for a separator, a repeated command letter is left out.
 */
export function linePath(points) {
  let d = `M${points[0][0]}${separated(points[0][1])}`;
  let command = "";
  for (let i = 1; i < points.length; i++) {
    const dx = points[i][0] - points[i - 1][0];
    const dy = points[i][1] - points[i - 1][1];
    const next = dy === 0 ? "h" : dx === 0 ? "v" : "l";
    const first = next === "v" ? dy : dx;
    d += next === command ? separated(first) : next + first;
    if (next === "l") d += separated(dy);
    command = next;
  }
  return d;
}

/** How far `centre` lies from the nearest border of a polygon or multipolygon, in whole units, rounded down. */
export function clearance(geometry, centre, point) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const [x, y] = point(centre);
  let least = Infinity;
  for (const ring of polygons.flat()) {
    const points = ring.map(point);
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const along = dx === 0 && dy === 0 ? 0 : ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy);
      const at = Math.min(1, Math.max(0, along));
      least = Math.min(least, Math.hypot(x - a[0] - at * dx, y - a[1] - at * dy));
    }
  }
  return Math.floor(least);
}

function separated(number) {
  return number < 0 ? `${number}` : ` ${number}`;
}

/**
 * Drops points that rounding made equal to the one before, and those exactly on the way from one to the next: the
 * line stays the same to the last unit, so a neighbour that keeps the point (a third border ends there) still fits.
 */
function withoutSpare(points) {
  const kept = [];
  for (const [x, y] of points) {
    const [a, b] = kept.slice(-2);
    const last = b ?? a;
    if (last && last[0] === x && last[1] === y) continue;
    if (b && (b[0] - a[0]) * (y - b[1]) === (b[1] - a[1]) * (x - b[0]) && (b[0] - a[0]) * (x - b[0]) + (b[1] - a[1]) * (y - b[1]) > 0) kept.pop();
    kept.push([x, y]);
  }
  return kept;
}
