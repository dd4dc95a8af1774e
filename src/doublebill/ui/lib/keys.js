/** What a title's key and number lead to. Pure. */

/** A title's path below the server's root: "movie/603". @param {Api.Key} title */
export const pathOf = ({ type, tmdb_id }) => `${type}/${tmdb_id}`;

/** The title that a name such as "movie:603" means, null if it is none. @param {?string} key */
export function titleOf(key) {
  const found = /^(movie|tv):([1-9]\d{0,9})$/.exec(key ?? "");
  return found && { type: found[1], tmdb_id: Number(found[2]) };
}
