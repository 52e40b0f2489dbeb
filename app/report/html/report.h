// The report of a run or a model as one HTML file, which a browser opens
// offline.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "app/report/drawing/drawing.h"
#include "app/report/pictures/curves.h"
#include "app/training/history.h"

namespace digitorch {

/// The largest number of mistakes that a report holds as pictures, of some 450
/// bytes each. The most confident ones are kept.
inline constexpr size_t kMaxMistakes = 2000;

struct Figure {
  std::string title;
  std::string note;  ///< Below the drawing; may be empty.
  Drawing drawing;
  bool folded = false;  ///< Whether it is closed until a reader opens it.
};

/// A training picture as the network saw it.
struct SeenPicture {
  torch::Tensor pixels;  ///< uint8 [C, H, W].
  std::string name;      ///< Of its class.
};

/// Everything that a report shows. Its texts are untrusted.
struct ReportContent {
  std::string title;               ///< The name of the run or the file.
  std::string summary;             ///< The network in one line.
  std::vector<std::string> facts;  ///< Data, date and versions.
  std::vector<std::string> class_names;
  int64_t parameters = 0;           ///< Number of trained values.
  nlohmann::json config = nullptr;  ///< As in config.json, if known.
  std::string command = {};         ///< That made the run; empty: unknown.
  std::string config_path = {};     ///< Of its config.json; empty: unknown.
  /// Of each class; empty where the training pictures are not known.
  std::vector<int64_t> training_counts = {};
  std::vector<SeenPicture> training_samples = {};  ///< May be empty.
  std::string augmentation = {};  ///< Of these samples; empty for none.
  bool mixed = false;     ///< Whether training mixed such samples in pairs.
  History history = {};   ///< May be empty.
  Evaluation evaluation;  ///< Of all `images`.
  torch::Tensor images;   ///< uint8 [N, C, H, W].
  bool is_ink = true;     ///< Whether all pictures are ink, bright on black.
  /// The file of each; empty where they have none.
  std::vector<std::string> files = {};
  /// This run and others, to compare their curves; empty for none.
  std::vector<RunCurves> compared = {};
  std::vector<Figure> network_figures = {};
};

/// The whole page.
std::string html_report(const ReportContent&);

}  // namespace digitorch
