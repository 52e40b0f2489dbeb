// What the server's page shows of the inside of the network, as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>

#include "models/networks/classifier.h"

namespace digitorch {

/// Which of them a request asks for, as in "input,saliency,layers".
struct LookWish {
  bool input = false;
  bool saliency = false;
  bool layers = false;

  bool any() const { return input || saliency || layers; }
};

/// Throws std::runtime_error for a word that is none of the three.
LookWish read_look_wish(const std::string& list);

/// The members that are wished for. "input": the pixels that the network gets,
/// one channel after the other. "saliency": how much each of them changes the
/// answer `label`. "layers": a list of {name, channels, height, width, values}
/// with the output of each layer, where height and width are 1 for fully
/// connected ones. All values are bytes in base64, 255 for the largest of the
/// picture or layer.
///
/// pixels: as prepare() makes them. For the thread that runs the network.
nlohmann::json
look_inside(Classifier&, const cv::Mat& pixels, int64_t label, const LookWish&);

}  // namespace digitorch
