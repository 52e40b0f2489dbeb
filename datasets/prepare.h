// Any picture -> the picture that a network takes. The one place for it: image
// folders, classify, serve and every later reader call this.
#pragma once

#include <torch/types.h>

#include <opencv2/core.hpp>

#include "datasets/digit/preprocess.h"
#include "datasets/image_set.h"
#include "models/input/input_format.h"

namespace digitorch {

/// image: 1, 3 (BGR) or 4 (BGRA) channels of 8 or 16 bits, any size from 1x1.
/// Returns pixels of the format's size, CV_8UC1 or CV_8UC3 (BGR).
///
/// For ink this is preprocess(). A plain picture keeps all it shows: what is
/// transparent becomes white, and a picture of another size is fitted into the
/// format's with its aspect kept, where the median colour of its border fills
/// what is left. One that has the size and the channels already comes back
/// unchanged.
Preprocessed prepare(const cv::Mat& image, const InputFormat&);

/// The last step alone: a plain picture of three channels as one of `channels`.
cv::Mat in_channels(const cv::Mat& pixels, int64_t channels);

/// A prepared picture in the order of tensors: uint8 [C, H, W], red first.
torch::Tensor to_tensor(const cv::Mat& pixels);

/// The inverse: uint8 [C, H, W] -> CV_8UC1 or CV_8UC3 (BGR).
cv::Mat to_picture(const torch::Tensor& pixels);

/// Whether colour is more of the picture than noise, or the tint of its light,
/// would make it.
bool is_coloured(const cv::Mat& image);

/// The set with pictures of that format. Those of the same size and channels
/// stay as they are; others are prepared, each by prepare().
ImageSet in_format(ImageSet, const InputFormat&);

}  // namespace digitorch
