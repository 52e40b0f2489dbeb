// Random distortion and wear of a batch of pictures, on the batch's device.
#pragma once

#include <torch/types.h>

#include <optional>
#include <string>
#include <vector>

#include "datasets/photo_changes.h"
#include "models/input/input_format.h"

namespace digitorch {

/// The size of each change. A picture gets an amount that is uniform up to it,
/// but for `elastic`, which every picture gets in full.
struct AugmentOptions {
  // Affine changes of every picture, in either direction.
  double degrees = 12;  ///< Rotation.
  double shift = 0.08;  ///< Translation along each axis, as a part of the side.
  double scale = 0.12;  ///< The size is between 1 - scale and 1 + scale.
  double shear = 0.15;  ///< Horizontal slant, the tangent of its angle.

  /// Whether pictures also wear; without it the members below have no effect.
  bool wear = false;
  // Wear of every picture.
  double elastic = 0.7;  ///< Std of the shift of the picture's points, pixels.
  double thicker = 0.8;  ///< Growth of strokes at each edge, pixels.
  double thinner = 0.4;  ///< Shrinkage of strokes at each edge, pixels.
  // Wear of some pictures: a part kWorn of them for each kind.
  double blur = 1.2;    ///< Std of the Gaussian, pixels.
  double fading = 0.5;  ///< Part of the ink's strength that is lost.
  double noise = 0.12;  ///< Std of each pixel in 0..1.
  double lines = 0.8;   ///< Strength of up to two remains of ruled lines.
  double specks = 1.0;  ///< Strength of a speck.
  double gaps = 1.0;    ///< Strength of a gap in the ink.

  /// Whether the pixels at the edge are repeated beyond it, rather than black.
  bool repeat_edge = false;
  /// Where set, pictures get these changes and none of the above.
  std::optional<PhotoChanges> photo = {};
};

/// The part of the pictures that have each kind of wear.
inline constexpr double kWorn = 0.15;

/// An augmentation as an option names it.
struct Augmentation {
  std::string name;
  std::string help;                       ///< A few words; empty for none.
  std::optional<AugmentOptions> options;  ///< Nothing for none.
};

/// none, affine, strong, which is affine with wear, and the two for
/// photographs: one table, from which the option, its help and the lookup are
/// made.
const std::vector<Augmentation>& augmentations();

/// The options of that row for pictures of the format; nothing for "none".
/// Plain pictures repeat their edge. Throws std::runtime_error where pictures
/// are to wear that are no ink, and std::logic_error where the table has no
/// such name.
std::optional<AugmentOptions> augmentation(
    const std::string& name, const InputFormat& format = {}
);

/// Changes every picture at random: distorts it about the centre with bilinear
/// interpolation and black beyond the edge, then, with wear, changes strokes,
/// adds gaps, specks and lines, blurs, fades and adds noise. images: float
/// [N, C, H, W] in 0..1, with wear [N, 1, S, S]. Returns the same shape and
/// range.
///
/// Draws from `generator`, which may be on another device than the pictures, in
/// this order: rand [5, N] for the affine part; with wear also rand [4, N] for
/// amounts, randn [N, 2, 7, 7] for the elastic field, rand [6, N, 1] for gaps,
/// rand [6, N, 1] for specks, rand [6, N, 2] for lines, and randn [N, 1, S, S]
/// for noise. For photographs it draws as change_photos() does.
torch::Tensor augment(
    const torch::Tensor& images, const AugmentOptions&, at::Generator generator
);

/// A distortion for each of N pictures, on their device: a picture is slanted,
/// then scaled, turned and shifted. All but `elastic` are float [N].
struct Distortion {
  torch::Tensor degrees;  ///< Above 0 turns clockwise.
  torch::Tensor right;    ///< Shift to the right, as a part of the side.
  torch::Tensor down;     ///< Shift downwards, as a part of the side.
  torch::Tensor scale;    ///< Above 1 makes larger.
  torch::Tensor shear;  ///< Above 0 moves the lower half right, the upper left.
  /// How far to the right (channel 0) and down (channel 1) of the point that
  /// the rest of the distortion gives each pixel of the result is read, in
  /// pixels: float [N, 2, S, S], or undefined for no such offset.
  torch::Tensor elastic = {};
  bool repeat_edge = false;  ///< See AugmentOptions::repeat_edge.
};

/// Distorts pictures as given, without drawing. images: float [N, C, H, W],
/// with `elastic` square. Returns the same shape. Throws c10::Error for a
/// tensor of other dimensions.
torch::Tensor distort(const torch::Tensor& images, const Distortion&);

}  // namespace digitorch
