/** A street with a car, a person and a bicycle, so that nobody has to look for an image first. */

const [WIDTH, HEIGHT] = [480, 360];

/** The image as a PNG file. */
export function samplePicture() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const pen = canvas.getContext("2d");
  const box = (colour, x, y, width, height) => {
    pen.fillStyle = colour;
    pen.fillRect(x, y, width, height);
  };
  const disc = (colour, x, y, radius) => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  };
  box("#bcd9ee", 0, 0, WIDTH, 210);
  disc("#f7d774", 400, 60, 32);
  for (const [x, height, colour] of [
    [0, 130, "#c9a58b"],
    [95, 170, "#a9907f"],
    [205, 110, "#d4b59a"],
    [300, 150, "#b39a88"],
  ]) {
    box(colour, x, 210 - height, 88, height);
    for (let window = 0; window < 6; window += 1) {
      box("#f4ecd8", x + 12 + (window % 3) * 24, 222 - height + Math.floor(window / 3) * 36, 14, 20);
    }
  }
  box("#6f7276", 0, 210, WIDTH, HEIGHT - 210);
  for (let x = 10; x < WIDTH; x += 80) box("#e8e4da", x, 284, 44, 6);
  // A car.
  box("#b0442a", 40, 225, 150, 40);
  box("#b0442a", 70, 198, 84, 30);
  box("#cfe3ee", 78, 204, 32, 22);
  box("#cfe3ee", 116, 204, 32, 22);
  for (const x of [74, 156]) {
    disc("#24211d", x, 266, 17);
    disc("#9aa0a6", x, 266, 7);
  }
  // A person.
  disc("#e7b98f", 255, 205, 13);
  box("#2f5d8a", 242, 219, 26, 46);
  box("#3a3632", 244, 264, 9, 34);
  box("#3a3632", 257, 264, 9, 34);
  // A bicycle.
  pen.strokeStyle = "#24211d";
  pen.lineWidth = 4;
  for (const x of [340, 412]) {
    pen.beginPath();
    pen.arc(x, 288, 26, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.strokeStyle = "#3c7a52";
  pen.beginPath();
  pen.moveTo(340, 288);
  pen.lineTo(362, 248);
  pen.lineTo(402, 248);
  pen.lineTo(412, 288);
  pen.moveTo(362, 248);
  pen.lineTo(376, 288);
  pen.lineTo(402, 248);
  pen.moveTo(340, 288);
  pen.lineTo(376, 288);
  pen.stroke();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
