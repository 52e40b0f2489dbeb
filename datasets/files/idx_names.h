// Which files of a folder are the IDX files of a data set, by the names that
// MNIST, Fashion-MNIST, KMNIST, EMNIST and QMNIST give them; and the tables of
// pixels that Kaggle makes of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace digitorch {

/// The files of one part; empty paths where they are missing.
struct IdxPart {
  std::filesystem::path images;  ///< The same file as `labels` for a table.
  std::filesystem::path labels;

  bool is_there() const { return !images.empty() || !labels.empty(); }
};

/// The files of one set in a folder.
struct IdxFiles {
  std::string prefix;  ///< Before the part's name: "emnist-letters"; or empty.
  IdxPart train;
  IdxPart test;
};

/// The sets whose files lie in a folder, by prefix. A file's name has, between
/// any signs, perhaps a prefix, then train, test or t10k, images or labels, and
/// idx or ubyte, and may end in .gz: emnist-letters-train-images-idx3-ubyte.gz,
/// train-images.idx3-ubyte. Where there are several files, an unpacked one is
/// preferred to a packed one, then a dash to a dot. A folder that has the name
/// of the only file in it, as some archives make, stands for that file. A table
/// is a CSV file with train or test in its name and 784 numbers or more on its
/// second line; it counts where there is no IDX file.
std::vector<IdxFiles> find_idx_files(const std::filesystem::path& folder);

/// The names of the classes of a set in a folder, from PREFIX-mapping.txt or
/// mapping.txt (EMNIST's: a label and the codes of its characters on each
/// line), else from classes.txt (a name on each line, the first for `first`).
/// Names are given to the labels 0 to `last`; a label without one is its
/// number. Empty where there is no such file. Throws std::runtime_error for a
/// line that is neither, and as read_file() does.
std::vector<std::string> read_class_names(
    const std::filesystem::path& folder,
    const std::string& prefix,
    int first,
    int last
);

}  // namespace digitorch
