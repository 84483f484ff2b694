// Shows what a chosen picture will look like, before it is sent. The page does without.
const field = document.getElementById("avatar");
const preview = document.getElementById("preview");

async function show() {
  preview.hidden = true;
  const file = field.files[0];
  if (!file) return;
  try {
    const picture = await createImageBitmap(file);
    const canvas = preview.querySelector("canvas");
    const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    preview.hidden = false;
  } catch {
    // No picture: the shop will say so.
  }
}

field.addEventListener("change", show);
