//! Moving over the map with the arrow keys: which area lies next in a direction.

/// Where an arrow key points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

impl Direction {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    /// The direction of a `KeyboardEvent.key`.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        match key {
            "ArrowLeft" => Some(Self::Left),
            "ArrowRight" => Some(Self::Right),
            "ArrowUp" => Some(Self::Up),
            "ArrowDown" => Some(Self::Down),
            _ => None,
        }
    }

    /// How far `(dx, dy)` goes this way, and how far it strays to the side.
    fn split(self, (dx, dy): (i32, i32)) -> (i32, i32) {
        match self {
            Self::Left => (-dx, dy.abs()),
            Self::Right => (dx, dy.abs()),
            Self::Up => (-dy, dx.abs()),
            Self::Down => (dy, dx.abs()),
        }
    }
}

/// The next area from `from` in `direction`: the nearest within 45° of it, sideways steps counting double; if there is
/// none, the nearest that lies that way at all. `None` at the map's edge.
///
/// `areas` are the areas' points in map units, y to the south; only those with `open(index)` are visited.
#[must_use]
pub fn neighbour(
    areas: &[(i32, i32)],
    from: usize,
    direction: Direction,
    open: impl Fn(usize) -> bool,
) -> Option<usize> {
    let here = *areas.get(from)?;
    areas
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != from && open(*index))
        .filter_map(|(index, there)| {
            let (ahead, aside) = direction.split((there.0 - here.0, there.1 - here.1));
            (ahead > 0).then_some(((aside > ahead, ahead + 2 * aside), index))
        })
        .min()
        .map(|(_, index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_that_lies_ahead_is_taken() {
        let areas = [(100, 100), (150, 110), (120, 180), (300, 100), (100, 20)];
        let go = |direction| neighbour(&areas, 0, direction, |_| true);
        assert_eq!(go(Direction::Right), Some(1));
        assert_eq!(go(Direction::Down), Some(2));
        assert_eq!(go(Direction::Up), Some(4));
        assert_eq!(go(Direction::Left), None);
    }

    #[test]
    fn areas_that_are_filtered_out_are_passed_over() {
        let areas = [(0, 0), (10, 0), (20, 0)];
        assert_eq!(neighbour(&areas, 0, Direction::Right, |index| index != 1), Some(2));
        assert_eq!(neighbour(&areas, 0, Direction::Right, |_| false), None);
        assert_eq!(neighbour(&areas, 7, Direction::Right, |_| true), None);
    }

    #[test]
    fn every_area_of_the_real_map_can_be_reached() {
        let map: model::map::MapData = serde_json::from_str(include_str!("../../../server/data/map.json")).unwrap();
        let areas: Vec<(i32, i32)> = map
            .districts
            .iter()
            .map(|a| (a.cx, a.cy))
            .chain(map.towns.iter().map(|a| (a.cx, a.cy)))
            .collect();
        for start in 0..areas.len() {
            let mut seen = vec![false; areas.len()];
            let mut open = vec![start];
            while let Some(at) = open.pop() {
                if !std::mem::replace(&mut seen[at], true) {
                    open.extend(
                        Direction::ALL
                            .iter()
                            .filter_map(|way| neighbour(&areas, at, *way, |_| true)),
                    );
                }
            }
            let missing: Vec<usize> = (0..areas.len()).filter(|index| !seen[*index]).collect();
            assert!(missing.is_empty(), "from {start} not reached: {missing:?}");
        }
    }
}
