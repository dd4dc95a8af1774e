/** How days and lengths are shown; apart from what the page shows first. Pure. */
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

/** "22 March 2027". @param {string} moment ISO 8601 */
export const dayText = (moment) => day.format(new Date(moment));

/** "1 h 56 min". @param {number} minutes */
export const lengthText = (minutes) =>
  [minutes >= 60 && `${Math.floor(minutes / 60)} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(" ");
