// The effects of pens, paper and cameras on pictures, for a whole batch at
// once.
//
// Pictures are float [N, 1, S, S], ink bright on black. An amount is float [N],
// one for each picture, on their device. Positions are in pixels from the
// centre of the picture, to the right and down.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace digitorch {

/// Makes strokes thicker or thinner. An amount of 1 is the grey dilation over
/// 3x3, by which strokes grow by a pixel at each edge, -1 the erosion, and
/// others blend the picture with one of them. Pixels beyond the edge are
/// ignored.
torch::Tensor change_stroke(
    const torch::Tensor& images, const torch::Tensor& amount
);

/// Gaussian blur with black beyond the edge. sigma: an amount, the standard
/// deviation in pixels, 0 <= sigma <= 2; 0 changes nothing.
torch::Tensor blur(const torch::Tensor& images, const torch::Tensor& sigma);

/// Straight strokes with round ends, K for each picture; dots where the length
/// is 0. Each member is float [N, K].
struct Strokes {
  torch::Tensor x, y;      ///< Position of the centre.
  torch::Tensor degrees;   ///< Direction: 0 along x, 90 along y.
  torch::Tensor length;    ///< Between the centres of the round ends, pixels.
  torch::Tensor width;     ///< Pixels; an edge fades over a pixel around it.
  torch::Tensor strength;  ///< From 0, invisible, to 1, opaque.
};

/// How opaque the strokes are at each pixel, by the most opaque where several
/// cover it: float [N, 1, side, side] in 0..1.
torch::Tensor cover(const Strokes&, int64_t side);

/// A smooth field through the values on a coarse grid, whose corners are those
/// of the picture, by bicubic interpolation. knots: float [N, C, G, G]. Returns
/// [N, C, side, side].
torch::Tensor smooth_field(const torch::Tensor& knots, int64_t side);

}  // namespace digitorch
