// A component of a page and what a network says it shows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/predict/page/components.h"
#include "app/predict/prediction.h"
#include "datasets/digit/preprocess.h"

namespace digitorch {

/// A digit is read surely from this probability on.
inline constexpr float kSure = 0.8F;

/// What reads the pictures of a page.
struct PageNetwork {
  PictureClassifier classify;
  /// Its class of the digit 1, which every stroke looks like; -1 if none is.
  int64_t one = -1;
};

/// The classifier of a network that has these classes.
PageNetwork page_network(
    PictureClassifier classify, const std::vector<std::string>& class_names
);

/// What one component shows if all of its ink is one digit.
struct Reading {
  float score = 0;       ///< How likely it is one digit, 0..1.
  Preprocessed picture;  ///< The component prepared for a network.
  Prediction prediction;
  bool is_one = false;  ///< Whether the network takes it for a 1.
};

/// Reads components of one page: gives one reading for each, in order.
using ComponentReader =
    std::function<std::vector<Reading>(const std::vector<Component>&)>;

/// A component that was chosen as one digit, with its reading.
struct ReadComponent {
  Component component;
  Reading reading;
};

/// The digits of a text line, left to right.
using DigitLine = std::vector<ReadComponent>;

/// Prepares the components for the network and reads them by it.
///
/// ink: uint8, how dark the upright page is; mask: uint8, 255 where the
/// components were found.
std::vector<Reading> read_components(
    const std::vector<Component>&,
    const cv::Mat& ink,
    const cv::Mat& mask,
    const PageNetwork& network
);

}  // namespace digitorch
