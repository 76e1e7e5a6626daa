// SPDX-License-Identifier: Apache-2.0
// An enumeration has its underlying type: one byte in memory, zero-extended when it becomes a number.
enum class Colour : unsigned char { red, green = 40, blue };
struct Pixel {
  Colour colour;
  unsigned char weight;
};
unsigned brightness(const Pixel& pixel) {
  return static_cast<unsigned>(pixel.colour) + (pixel.colour == Colour::blue ? 1000u : pixel.weight);
}
