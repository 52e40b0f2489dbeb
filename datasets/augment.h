// Random distortion and wear of a batch, on whatever device the batch is.
#pragma once

#include <torch/types.h>

#include <optional>
#include <string>
#include <vector>

namespace digitorch {

/// Largest change of each kind.
struct AugmentOptions {
  // The affine part. Each picture draws its own, uniformly, either way.
  double degrees = 12;  ///< Rotation.
  double shift = 0.08;  ///< Translation, as a part of the side, either axis.
  double scale = 0.12;  ///< Size between 1 - scale and 1 + scale.
  double shear = 0.15;  ///< Horizontal slant, tangent of the angle.

  /// Pictures wear as well, in the ways below; otherwise these do nothing.
  bool wear = false;
  // Of every picture, uniformly.
  double elastic = 0.7;  ///< Standard deviation of its points' place, pixels.
  double thicker = 0.8;  ///< Part of a pixel by which strokes grow all round
  double thinner = 0.4;  ///< or shrink.
  // Of some pictures (kWorn of them for each kind), uniformly.
  double blur = 1.2;    ///< Standard deviation in pixels.
  double fading = 0.5;  ///< Part of the ink's strength lost.
  double noise = 0.12;  ///< Standard deviation of each pixel.
  double lines = 0.8;   ///< Strength of up to two remains of ruled lines.
  double specks = 1.0;  ///< Strength of a speck,
  double gaps = 1.0;    ///< and of a gap in the ink.
};

/// Part of the pictures that have each kind of wear.
inline constexpr double kWorn = 0.15;

/// "none", "affine" or "strong", which is affine with wear.
std::vector<std::string> augmentation_names();

/// Nothing for "none". Throws std::logic_error for an unknown name.
std::optional<AugmentOptions> augmentation(const std::string& name);

/// images: float [N, 1, S, S] in 0..1. Returns as many. Distorts about the
/// centre with bilinear interpolation and black beyond the edge; then, with
/// wear: strokes, gaps, specks, lines, blur, fading, noise.
///
/// Draws from `generator`, which may be on another device than the pictures, in
/// this order: rand [5, N] for the affine part; with wear also rand [4, N] for
/// amounts, randn [N, 2, 7, 7] for the elastic field, rand [6, N, 1] for a gap,
/// as many for a speck, rand [6, N, 2] for two lines, randn [N, 1, S, S] for
/// noise.
torch::Tensor augment(
    const torch::Tensor& images, const AugmentOptions&, at::Generator generator
);

/// A distortion a picture, each float [N] on the pictures' device: slanted
/// first, then scaled, turned, shifted.
struct Distortion {
  torch::Tensor degrees;  ///< > 0 turns clockwise, as one sees it.
  torch::Tensor right;    ///< Part of the side by which all moves right.
  torch::Tensor down;     ///< Part of the side by which all moves down.
  torch::Tensor scale;    ///< > 1 is larger.
  torch::Tensor shear;    ///< > 0 moves the lower half right, the upper left.
  /// Where each point of the result is taken from, right (channel 0) and down
  /// (1) of where the rest of the distortion takes it from, in pixels: float
  /// [N, 2, S, S], or undefined for nowhere else.
  torch::Tensor elastic = {};
};

/// images: float [N, C, S, S]. What augment does once it has drawn.
torch::Tensor distort(const torch::Tensor& images, const Distortion&);

}  // namespace digitorch
