// The page of `digitorch serve`: a drawing or a picture goes to POST /classify,
// and what comes back is shown. Text of the server is only ever set as text.

const byId = (id) => document.getElementById(id);
const board = byId("board");
const ink = board.getContext("2d");
// Of the network's input, as the server tells it.
let form = { channels: 1, height: 28, width: 28, ink: true };

const state = {
  strokes: [], // each {width, points: [{x, y, pressure}]}, in canvas pixels
  picture: null, // {blob, image}: a file shown instead of the strokes
  boxes: [], // digits of a page, as the server lists them
  pen: { x: board.width / 2, y: board.height / 2, down: false }, // keyboard
  showPen: false,
};

// Drawing

function colours() {
  return byId("light").checked
    ? { paper: "#fff", ink: "#000" }
    : { paper: "#000", ink: "#fff" };
}

function drawStroke(on, stroke, colour) {
  on.strokeStyle = on.fillStyle = colour;
  on.lineCap = on.lineJoin = "round";
  const [first] = stroke.points;
  on.beginPath();
  on.arc(first.x, first.y, (stroke.width * first.pressure) / 2, 0, 2 * Math.PI);
  on.fill();
  // Each piece has its own width, since a pen's pressure changes on the way.
  for (let i = 1; i < stroke.points.length; ++i) {
    const [from, to] = [stroke.points[i - 1], stroke.points[i]];
    on.lineWidth = stroke.width * to.pressure;
    on.beginPath();
    on.moveTo(from.x, from.y);
    on.lineTo(to.x, to.y);
    on.stroke();
  }
}

function drawStrokes(on) {
  const { paper, ink: colour } = colours();
  on.fillStyle = paper;
  on.fillRect(0, 0, board.width, board.height);
  for (const stroke of state.strokes) drawStroke(on, stroke, colour);
}

/** Where the picture lies on the board: as large as fits, in the middle. */
function pictureFrame() {
  const { naturalWidth: width, naturalHeight: height } = state.picture.image;
  const scale = Math.min(board.width / width, board.height / height);
  return {
    scale,
    left: (board.width - width * scale) / 2,
    top: (board.height - height * scale) / 2,
  };
}

function drawPicture() {
  const { image } = state.picture;
  const { scale, left, top } = pictureFrame();
  ink.fillStyle = "#777";
  ink.fillRect(0, 0, board.width, board.height);
  ink.drawImage(image, left, top, image.naturalWidth * scale, image.naturalHeight * scale);
  ink.lineWidth = 3;
  ink.font = "600 24px system-ui, sans-serif";
  ink.textBaseline = "bottom";
  for (const { box: [x, y, width, height], label, unsure } of state.boxes) {
    const at = { x: left + x * scale, y: top + y * scale };
    ink.strokeStyle = ink.fillStyle = unsure ? "#d9a400" : "#e0570b";
    ink.strokeRect(at.x, at.y, width * scale, height * scale);
    const text = unsure ? "?" : label;
    ink.strokeStyle = "#fff";
    ink.strokeText(text, at.x, Math.max(at.y, 26));
    ink.fillText(text, at.x, Math.max(at.y, 26));
  }
}

function draw() {
  if (state.picture) drawPicture();
  else drawStrokes(ink);
  if (state.showPen) {
    ink.strokeStyle = state.pen.down ? "#e0570b" : "#3b8ee0";
    ink.lineWidth = 3;
    ink.beginPath();
    ink.arc(state.pen.x, state.pen.y, 14, 0, 2 * Math.PI);
    ink.stroke();
  }
  const empty = !state.picture && state.strokes.length === 0;
  byId("hint").hidden = !empty || state.showPen;
  byId("hint").style.display = byId("hint").hidden ? "none" : "";
  byId("undo").disabled = state.picture !== null || empty;
  byId("clear").disabled = empty;
}

function changed() {
  draw();
  ask();
}

function clearAll() {
  state.strokes = [];
  state.picture = null;
  state.boxes = [];
  changed();
}

function undo() {
  if (state.picture) return;
  state.strokes.pop();
  changed();
}

function startStroke(point) {
  if (state.picture) {
    state.picture = null;
    state.boxes = [];
  }
  state.strokes.push({ width: Number(byId("pen").value), points: [point] });
}

function continueStroke(point) {
  state.strokes.at(-1).points.push(point);
}

// Mouse, touch and pen

let pointer = null; // the one that draws

function pointOf(event) {
  const frame = board.getBoundingClientRect();
  // Mice and most touch screens have no pressure; the standard then says 0.5.
  const pressure = event.pointerType === "pen" && event.pressure > 0 ? 0.5 + event.pressure : 1;
  return {
    x: ((event.clientX - frame.left) * board.width) / frame.width,
    y: ((event.clientY - frame.top) * board.height) / frame.height,
    pressure,
  };
}

board.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || pointer !== null) return;
  pointer = event.pointerId;
  board.setPointerCapture(pointer);
  state.showPen = false;
  startStroke(pointOf(event));
  changed();
});

board.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const steps = event.getCoalescedEvents?.() ?? [];
  for (const each of steps.length > 0 ? steps : [event]) continueStroke(pointOf(each));
  changed();
});

for (const name of ["pointerup", "pointercancel"])
  board.addEventListener(name, (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    changed();
  });

// Keyboard

const kArrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function movePen([x, y]) {
  const { pen } = state;
  pen.x = Math.min(Math.max(pen.x + x * 20, 0), board.width);
  pen.y = Math.min(Math.max(pen.y + y * 20, 0), board.height);
  state.showPen = true;
  if (pen.down) continueStroke({ x: pen.x, y: pen.y, pressure: 1 });
  if (pen.down) changed();
  else draw();
}

function togglePen() {
  const { pen } = state;
  pen.down = !pen.down;
  state.showPen = true;
  if (pen.down) startStroke({ x: pen.x, y: pen.y, pressure: 1 });
  changed();
}

board.addEventListener("keydown", (event) => {
  if (event.key in kArrows) movePen(kArrows[event.key]);
  else if (event.key === " ") togglePen();
  else if (event.key === "Delete" || event.key === "Backspace") clearAll();
  else return;
  event.preventDefault();
});

board.addEventListener("blur", () => {
  state.showPen = false;
  state.pen.down = false;
  draw();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
});

byId("undo").addEventListener("click", undo);
byId("clear").addEventListener("click", clearAll);
byId("light").addEventListener("change", changed);
byId("page").addEventListener("change", changed);

// Pictures: opened, photographed, dropped or pasted

async function show(blob) {
  const url = URL.createObjectURL(blob);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return showError("This browser cannot show that picture. Try a PNG or JPEG file.");
  } finally {
    URL.revokeObjectURL(url);
  }
  state.picture = { blob, image };
  state.strokes = [];
  state.boxes = [];
  changed();
}

for (const id of ["file", "photo"])
  byId(id).addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file) show(file);
    event.target.value = ""; // so that the same file can be opened again
  });

const pictureIn = (transfer) =>
  [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/"));

document.addEventListener("paste", (event) => {
  const file = pictureIn(event.clipboardData);
  if (file) show(file);
});

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("drop");
});
document.addEventListener("dragleave", () => document.body.classList.remove("drop"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("drop");
  const file = pictureIn(event.dataTransfer);
  if (file) show(file);
  else showError("That was no picture.");
});

// Asking: one request at a time, and the latest drawing next

let busy = false;
let outdated = false;

function content() {
  if (state.picture) return state.picture.blob;
  const copy = document.createElement("canvas");
  copy.width = board.width;
  copy.height = board.height;
  drawStrokes(copy.getContext("2d"));
  return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
}

function query() {
  if (byId("page").checked) return "page=1";
  const look = ["input", "saliency", "layers"].filter((id) => byId(id).open);
  // The picture lies dimly under its saliency.
  if (byId("saliency").open && !byId("input").open) look.push("input");
  return `top_k=${classes.length || 1}&look=${look.join(",")}`;
}

async function post() {
  const blob = await content();
  const response = await fetch(`/classify?${query()}`, {
    method: "POST",
    headers: { "Content-Type": blob.type.startsWith("image/") ? blob.type : "image/png" },
    body: blob,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

async function ask() {
  outdated = true;
  if (busy) return;
  busy = true;
  while (outdated) {
    outdated = false;
    if (!state.picture && state.strokes.length === 0) {
      showNothing();
      continue;
    }
    try {
      const answer = await post();
      if (!outdated) showAnswer(answer);
    } catch (error) {
      if (!outdated) showError(error instanceof TypeError ? "The server does not answer." : error.message);
    }
  }
  busy = false;
}

// Showing

let classes = [];

const percent = (fraction) => `${(100 * fraction).toFixed(fraction > 0.9995 ? 2 : 1)} %`;

function setAnswer(label, words, unsure) {
  byId("label").textContent = label;
  byId("label").classList.toggle("long", label.length > 2);
  byId("words").textContent = words;
  byId("answer").classList.toggle("unsure", unsure);
  byId("error").hidden = true;
}

function showError(message) {
  byId("error").textContent = message;
  byId("error").hidden = false;
}

function showBars(predictions) {
  const probability = new Map(predictions.map((each) => [each.label, each.probability]));
  const body = byId("bars").tBodies[0];
  byId("bars").hidden = false;
  body.replaceChildren(
    ...classes.map((name) => {
      const row = document.createElement("tr");
      const value = probability.get(name) ?? 0;
      row.className = predictions.length > 0 && name === predictions[0].label ? "best" : "";
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      head.title = name;
      const cell = row.appendChild(head) && row.insertCell();
      const bar = cell.appendChild(document.createElement("span"));
      bar.className = "bar";
      bar.style.width = `${100 * value}%`;
      row.insertCell().textContent = predictions.length > 0 ? percent(value) : "";
      return row;
    }),
  );
}

function showNothing() {
  showViews(true);
  setAnswer("–", "Nothing drawn yet", true);
  byId("text").hidden = true;
  showBars([]);
}

function showPage(answer) {
  state.boxes = state.picture ? answer.digits : [];
  draw();
  const count = answer.digits.length;
  setAnswer("", count === 1 ? "1 digit found" : `${count || "No"} digits found`, count === 0);
  byId("text").textContent = answer.text;
  byId("text").hidden = count === 0;
  byId("bars").hidden = true;
  showViews(false);
}

/** The views of the inside are of one digit; a page has none. */
function showViews(shown) {
  for (const id of ["input", "saliency", "layers"]) byId(id).hidden = !shown;
}

function showDigit(answer) {
  showViews(true);
  state.boxes = [];
  if (state.picture) draw();
  byId("text").hidden = true;
  const [best] = answer.predictions;
  if (answer.blank) {
    setAnswer("–", "Blank: no ink was found", true);
    showBars([]);
    return;
  }
  if (answer.no_digit > best.probability)
    setAnswer("?", `Not a digit (${percent(answer.no_digit)})`, true);
  else if (answer.unsure)
    setAnswer(best.label, `Unsure, perhaps ${best.label} (${percent(best.probability)})`, true);
  else setAnswer(best.label, percent(best.probability), false);
  showBars(answer.predictions);
  if (answer.look) showLook(answer.look);
}

function showAnswer(answer) {
  if (answer.digits) showPage(answer);
  else showDigit(answer);
}

// The inside of the network

const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** Draws values 0..255 as pixels, row by row, coloured by paint(value, index). */
function paintPixels(canvas, width, height, paint) {
  canvas.width = width;
  canvas.height = height;
  const on = canvas.getContext("2d");
  const pixels = on.createImageData(width, height);
  for (let i = 0; i < width * height; ++i) pixels.data.set([...paint(i), 255], 4 * i);
  on.putImageData(pixels, 0, 0);
}

/** Pixel i of the network's input: one channel after the other. */
function colourOf(values, i) {
  const plane = form.channels === 3 ? form.height * form.width : 0;
  return [values[i], values[plane + i], values[2 * plane + i]];
}

function showLook({ input, saliency, layers }) {
  if (input) {
    const values = bytesOf(input);
    paintPixels(byId("seen"), form.width, form.height, (i) => colourOf(values, i));
  }
  if (saliency) {
    const values = bytesOf(saliency);
    const picture = bytesOf(input);
    paintPixels(byId("decided"), form.width, form.height, (i) => {
      const heat = [1, 0.55, 0.1];
      return colourOf(picture, i).map((value, c) => Math.max(0.3 * value, heat[c] * values[i]));
    });
  }
  if (layers) byId("maps").replaceChildren(...layers.map(figureOfLayer));
}

/** The channels of a layer as tiles of one canvas; single values are tiles of one pixel. */
function figureOfLayer({ name, channels, height, width, values }) {
  const bytes = bytesOf(values);
  const gap = height > 1 ? 1 : 0;
  const columns = Math.min(channels, height > 1 ? Math.max(8, Math.floor(340 / (width + 1))) : 64);
  const rows = Math.ceil(channels / columns);
  const canvas = document.createElement("canvas");
  const across = columns * (width + gap) - gap;
  paintPixels(canvas, across, rows * (height + gap) - gap, (i) => {
    const [x, y] = [i % across, Math.floor(i / across)];
    const [column, row] = [Math.floor(x / (width + gap)), Math.floor(y / (height + gap))];
    const [inX, inY] = [x - column * (width + gap), y - row * (height + gap)];
    const channel = row * columns + column;
    if (inX >= width || inY >= height || channel >= channels) return [60, 60, 70];
    const value = bytes[(channel * height + inY) * width + inX];
    return [value, value, value];
  });
  canvas.style.width = `${Math.min(across * (height > 1 ? 2 : 10), 680)}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Layer ${name}`);
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = height > 1 ? `${name}: ${channels} channels of ${height} × ${width}` : `${name}: ${channels} values`;
  figure.append(caption, canvas);
  return figure;
}

for (const id of ["input", "saliency", "layers"]) byId(id).addEventListener("toggle", () => byId(id).open && ask());

// Beginning

/** What the page says of the network's input; only ink is read page by page. */
function showForm() {
  const size = `${form.height} × ${form.width} pixels before the network sees it.`;
  byId("prepared").textContent = form.ink
    ? `The drawing is found, centred and scaled to ${size}`
    : `The whole picture is scaled to ${size}`;
  byId("page").disabled = !form.ink;
}

async function begin() {
  draw();
  try {
    const about = await (await fetch("/v2/models/digits")).json();
    const [, channels, height, width] = about.inputs[0].shape;
    form = { channels, height, width, ink: about.pictures === "ink" };
    showForm();
    classes = about.class_names.filter((name) => name !== "no-digit");
    byId("model").textContent = `Network: ${about.file}.`;
  } catch {
    showError("The server does not answer.");
  }
  showBars([]);
}

begin();
