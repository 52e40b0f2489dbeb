// Answers for pictures of one digit, with a second look where the first leaves
// doubt.
#pragma once

#include <functional>
#include <opencv2/core.hpp>

#include "app/predict/prediction.h"
#include "datasets/digit/preprocess.h"
#include "models/input/input_format.h"

namespace digitorch {

/// What a picture shows, and what that is taken for.
struct SeenDigit {
  Sight sight;  ///< What ink was found in; empty for a plain picture.
  Preprocessed picture;
  Prediction prediction;
};

/// Whether a second look is worth its time: the picture is searched for ink,
/// and nothing was found, or the answer is not quite sure.
bool is_doubtful(const Prediction&, const InputFormat&);

/// The surest of `first` and the answers for other_looks() at the image.
SeenDigit
look_again(SeenDigit first, const cv::Mat& image, const PictureClassifier&);

/// The image prepared in that format, for a first look. It has no prediction.
SeenDigit first_look(const cv::Mat& image, const InputFormat&);

/// The answer for the image, after a second look where the first is doubtful.
SeenDigit
see_digit(const cv::Mat& image, const InputFormat&, const PictureClassifier&);

}  // namespace digitorch
