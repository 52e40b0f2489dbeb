// What a report says about how a network was trained, apart from its curves.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/report/html/report.h"
#include "datasets/image_set.h"

namespace digitorch {

/// The command that repeats a run: its options that differ from the defaults,
/// quoted for a shell. config: as in config.json. Empty where it holds no
/// options.
std::string command_of(const nlohmann::json& config);

/// Whether the run trained on mixtures of two pictures.
bool mixes(const nlohmann::json& config);

/// The name of the run's augmentation; empty for none.
std::string augmentation_of(const nlohmann::json& config);

/// Up to two training pictures of each class, `count` at most, as the network
/// saw them: changed by augmentation_of() the run.
std::vector<SeenPicture> seen_pictures(
    const ImageSet& train, const nlohmann::json& config, size_t count
);

/// The number of pictures of each class.
std::vector<int64_t> class_counts(const ImageSet&);

}  // namespace digitorch
