// Which pictures of a data set `eval`, `report` and `visualize` score.
#pragma once

#include <string>
#include <vector>

#include "app/predict/model_file.h"
#include "datasets/catalog.h"

namespace digitorch {

/// The values of --part, the default first.
const std::vector<std::string>& part_names();

struct ScoredPart {
  ImageSet images;   ///< With the classes of the data.
  std::string note;  ///< Which pictures these are; empty where it is as usual.
};

/// Pictures in the form that the model takes, whatever form the location asks
/// for. "held-out" is the test part of the data where they have one. Data
/// without one, such as a folder of classes, have a tenth that training put
/// aside: that tenth where the checkpoint's digest shows that the model was
/// trained on these data, all pictures otherwise. "test", "validation" and
/// "train" are what `train` would use or, for the model's own data, did use as
/// such; "all" is everything. Appends to `warnings` as load_data() does. Throws
/// std::runtime_error for a part that the data do not have, and as load_data()
/// does.
ScoredPart scored_part(
    const std::string& part,
    DataLocation,
    const LoadedModel&,
    std::vector<std::string>& warnings
);

}  // namespace digitorch
