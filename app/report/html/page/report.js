// A cell of the confusion table opens the pictures in it, on a click, with the
// keyboard or through its address (#cell-4-9).
"use strict";
{
  const data = JSON.parse(document.getElementById("mistake-data").textContent);
  const dialog = document.getElementById("images");

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function picture({name, file, probability, png}, truth, answer) {
    return element("li", {},
      element("img", {
        src: "data:image/png;base64," + png,
        alt: `${truth} read as ${answer}`,
        width: 28,
        height: 28,
      }),
      element("b", {}, `${truth} → ${answer}`),
      element("span", {}, probability),
      element("span", {title: file}, name));
  }

  function open(cell) {
    const [truth, answer] = cell.id.split("-").slice(1).map(Number);
    const count = Number(cell.textContent);
    const held = data.pictures.filter(
      (each) => each.truth === truth && each.answer === answer);
    const names = [data.names[truth], data.names[answer]];
    document.getElementById("images-title").textContent =
      `${names[0]} read as ${names[1]}`;
    document.getElementById("images-note").textContent =
      (count === 1 ? "1 picture" : `${count} pictures, by falling probability`) +
      (held.length < count
        ? `; this file holds ${held.length} of them`
        : "");
    document.getElementById("images-list").replaceChildren(
      ...held.map((each) => picture(each, ...names)));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }

  function follow_address() {
    const cell = document.getElementById(location.hash.slice(1));
    if (cell && cell.matches(".confusion button")) open(cell);
    else dialog.close();
  }

  document.querySelector(".confusion").addEventListener("click", (event) => {
    const cell = event.target.closest("button");
    if (cell) location.hash = cell.id;
  });
  // Outside of what the dialog shows there is only its backdrop.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    if (location.hash.startsWith("#cell-"))
      history.replaceState(null, "", location.pathname + location.search);
  });
  addEventListener("hashchange", follow_address);
  follow_address();
}
