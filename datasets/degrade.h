// What pens, paper and cameras do to pictures, a whole batch at a time.
//
// Pictures are float [N, 1, S, S], ink bright on black. An amount is float [N],
// one a picture, on the pictures' device. Places are in pixels from the middle
// of the picture, to the right and down.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace digitorch {

/// Strokes grow by a pixel all round at 1 and shrink by one at -1; between them
/// a blend. The grey dilation and erosion over 3x3; beyond the edge is nothing.
torch::Tensor change_stroke(
    const torch::Tensor& images, const torch::Tensor& amount
);

/// Gaussian blur of this standard deviation in pixels, 0 <= sigma <= 2, with
/// black beyond the edge; 0 changes nothing.
torch::Tensor blur(const torch::Tensor& images, const torch::Tensor& sigma);

/// Straight strokes with round ends, K a picture, each float [N, K]: remains of
/// ruled lines; dots where the length is 0.
struct Strokes {
  torch::Tensor x, y;      ///< The middle of the stroke.
  torch::Tensor degrees;   ///< 0 lies along x, 90 along y.
  torch::Tensor length;    ///< Between the centres of the round ends.
  torch::Tensor width;     ///< Edges are half a pixel soft, either way.
  torch::Tensor strength;  ///< 0: not there; 1: black or white throughout.
};

/// How much of each pixel the strokes cover, the strongest where several lie:
/// float [N, 1, side, side] in 0..1.
torch::Tensor cover(const Strokes&, int64_t side);

/// A smooth field that goes through the values on a coarse grid, whose corners
/// are those of the picture. knots: float [N, C, G, G]. Returns [N, C, side,
/// side], by bicubic interpolation.
torch::Tensor smooth_field(const torch::Tensor& knots, int64_t side);

}  // namespace digitorch
