// Any picture of one digit -> the picture MNIST would have made of it. The one
// place for it: image folders, classify and every later reader call this.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// The longer side, in pixels, that small pictures are enlarged to: their
/// pixels are seen, not the strokes.
inline constexpr int kEnlargedSide = 64;

struct Preprocessed {
  cv::Mat pixels;      ///< uint8 28x28, one channel, ink bright on black.
  bool blank = false;  ///< No ink was found; pixels are then all zero.
};

/// image: 1, 3 or 4 channels, 8 or 16 bits, any size from 1x1; dark ink on
/// light, light on dark, or ink of any colour on a transparent ground; in
/// uneven light, on ruled or squared paper, of any pen. The digit's ink is
/// found as in locate.h, its strokes get MNIST's width as in stroke.h; then the
/// method is MNIST's own (LeCun, Cortes, Burges, "The MNIST database"): ink
/// fitted into 20x20 keeping its aspect, its centre of mass put at the centre
/// of 28x28.
///
/// A picture that is as a data set's already comes back unchanged: 28x28 pixels
/// with a border mostly black (16 of 255 at most) and ink that either is, as in
/// all of MNIST, 19 or 20 pixels long and within a pixel of the centre, or
/// fills the frame (27 or 28 pixels), as in Fashion-MNIST. That is so for all
/// 70,000 pictures of MNIST and 99.5 % of Fashion-MNIST's test pictures.
Preprocessed preprocess(const cv::Mat& image);

/// What preprocess() looks at, to show why it found what it found.
struct Sight {
  cv::Mat grey;  ///< uint8, made smaller where it was very large.
  cv::Mat ink;   ///< The same size, the digit's ink bright on black; or empty.
};

Sight look_at(const cv::Mat& image);

/// What follows from it: preprocess(image) is preprocess(look_at(image)).
Preprocessed preprocess(const Sight&);

/// The last step alone, for ink that is found already: uint8 of any size, ink
/// bright on black, nothing but the digit, whose strokes get MNIST's width.
/// Blank where it is empty or black.
Preprocessed preprocess_ink(const cv::Mat& ink);

}  // namespace digitorch
