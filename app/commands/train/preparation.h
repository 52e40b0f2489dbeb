// Whether a network reads pictures as `classify` prepares them, too.
#pragma once

#include <string>
#include <vector>

#include "datasets/image_set.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Compares how some pictures of a set are answered as the set holds them and
/// as `classify` would prepare them, had they come as files, and says so where
/// the two differ by more than chance and noise would make. Where the classes
/// are the ten digits, it also says so if the pictures lie on their side, which
/// the shipped network sees. Requires a picture at least.
std::vector<std::string> preparation_warnings(Classifier&, const ImageSet&);

}  // namespace digitorch
