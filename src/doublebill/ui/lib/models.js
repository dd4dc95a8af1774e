/** The text models in words, and what can be done with each. Pure. */
import { leftText } from "./format.js";
import { sizeText } from "./services.js";

const UNDER_WAY = ["waiting", "fetching", "testing", "embedding"];

/** Whether something is being done about it. @param {Api.Model} model */
export const isUnderWay = ({ state }) => UNDER_WAY.includes(state);

/** "Understands plots and other languages. 1.3 GB here. 4 MB a second, 3 minutes left". @param {Api.Model} model */
export function aboutModel({ words, size_bytes, unit, rate_per_s, left_s }) {
  const rate = rate_per_s && (unit === "bytes" ? sizeText(rate_per_s) : `${rate_per_s.toFixed(1)} titles`);
  const pace = [rate && `${rate} a second`, rate && left_s && leftText(left_s)].filter(Boolean).join(", ");
  return [words, size_bytes && `${sizeText(size_bytes)} here`, pace].filter(Boolean).join(". ");
}

/**
 * What can be done with a model: the last part of the path, and the words on the button.
 * @param {Api.Model} model
 * @returns {[string, string][]}
 */
export function actsOf({ name, state, wanted, id }) {
  const isBundled = name === "bundled";
  return /** @type {[string, string][]} */ (
    [
      !wanted && state !== "serving" && ["use", "Use"],
      !isBundled && state === "absent" && ["fetch", "Fetch only"],
      !isBundled && ["serving", "ready", "failed"].includes(state) && ["fetch", state === "failed" ? "Try again" : "Test"],
      !isBundled && id && state !== "serving" && !UNDER_WAY.includes(state) && ["remove", "Remove"],
    ].filter(Boolean)
  );
}
