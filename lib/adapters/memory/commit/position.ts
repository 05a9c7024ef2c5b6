import type { Position } from '../../../core/position/position.ts';
import type { PositionWrite } from '../../../ports/commit-store.ts';

/** Whether a position is still where it is expected; its timestamp does not matter. */
export function isWhereExpected(positions: ReadonlyMap<string, Position>, move: PositionWrite): boolean {
  const position = positions.get(move.positionKey);
  return position?.nextOffset === move.expected?.nextOffset && position?.generation === move.expected?.generation;
}
