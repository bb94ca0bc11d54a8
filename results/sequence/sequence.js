/* What a sequence diagram can do beyond standing still: it grows and shrinks, and says beside it
 * what is pointed at, with all else on the same lane. All that is said is said without it too. */
"use strict";

(function () {
  const STEP = 1.25;

  function setWidth(svg, width) {
    svg.style.width = svg.style.maxWidth = svg.style.minWidth = width;
  }

  function zoom(svg, factor) {
    const width = svg.getBoundingClientRect().width * factor;
    setWidth(svg, `${Math.max(120, Math.min(8000, width))}px`);
  }

  function button(tools, text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    tools.append(made);
  }

  /* Titles become the text beside the picture: two at once would be one too many. */
  function takeTitles(svg) {
    svg.querySelectorAll("[class^='of-']").forEach((mark) => {
      const title = mark.querySelector("title");
      mark.dataset.says = title.textContent;
      mark.setAttribute("aria-label", title.textContent);
      title.remove();
    });
  }

  function point(picture, said, mark) {
    const svg = picture.querySelector("svg");
    picture.classList.toggle("points", mark !== null);
    svg.querySelectorAll(".pointed").forEach((other) => other.classList.remove("pointed"));
    said.textContent = mark === null ? "" : mark.dataset.says;
    if (mark !== null) {
      mark.classList.add("pointed");
      svg.querySelectorAll(`.${mark.classList[0]}`).forEach((other) => other.classList.add("pointed"));
    }
  }

  function enhance(picture) {
    const svg = picture.querySelector("svg");
    const tools = document.createElement("div");
    const said = document.createElement("output");
    let pinned = null;
    tools.className = "sequence-tools";
    button(tools, "+", picture.dataset.larger, () => zoom(svg, STEP));
    button(tools, "−", picture.dataset.smaller, () => zoom(svg, 1 / STEP));
    button(tools, "1:1", picture.dataset.first, () => setWidth(svg, ""));
    tools.append(said);
    picture.before(tools);
    takeTitles(svg);
    const markOf = (event) => event.target.closest("[class^='of-']");
    svg.addEventListener("pointerover", (event) => {
      if (pinned === null) {
        point(picture, said, markOf(event));
      }
    });
    svg.addEventListener("pointerleave", () => {
      if (pinned === null) {
        point(picture, said, null);
      }
    });
    svg.addEventListener("focusin", (event) => point(picture, said, markOf(event)));
    svg.addEventListener("click", (event) => {
      const mark = markOf(event);
      event.preventDefault(); /* the link to the table is for pages whose scripts do not run */
      pinned = mark === pinned ? null : mark;
      point(picture, said, pinned);
    });
  }

  document.querySelectorAll(".sequence").forEach(enhance);
}());
