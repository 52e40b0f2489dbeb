#include "app/front/loaded_core.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "app/core/core.h"
#include "app/system/environment.h"
#include "app/system/errors.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// Where the core is: beside the program, as it is built, or in the folder
/// where it is installed.
fs::path core_file() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = program.parent_path() / kCoreFile;
  const fs::path installed =
      program.parent_path() / DIGITORCH_PRIVATE_FOLDER / kCoreFile;
  if (fs::exists(beside, error)) return beside;
  if (fs::exists(installed, error)) return installed.lexically_normal();
  throw EnvironmentError(
      beside.string() + ": found no such file, nor " +
      installed.lexically_normal().string() +
      "; the program needs one of them to compute: move both files together, "
      "or install with 'cmake --install'"
  );
}

/// Has threads that wait for others sleep soon, unless the environment says
/// already how they wait.
///
/// LibTorch's threads are those of libgomp, which reads the variable when it is
/// loaded. Without it, a thread that has to wait for another spins for some ten
/// milliseconds before it sleeps. Where other programs want the same cores, the
/// thread that it waits for does not run meanwhile: training was 20 times
/// slower on a busy machine. A thousand turns take some 30 microseconds, which
/// is enough for threads that are all running.
void bound_spinning() {
  if (std::getenv("OMP_WAIT_POLICY") == nullptr)
    setenv("GOMP_SPINCOUNT", "1000", /*overwrite=*/0);
}

/// dlopen() is declared not to throw, and compiled calls of it have no way to a
/// handler; but what libraries throw while they are initialised comes through.
void* (*volatile const open_library)(const char*, int) = dlopen;

void* opened(const fs::path& file) {
  try {
    return open_library(file.c_str(), RTLD_LAZY | RTLD_GLOBAL);
  } catch (...) {
    refuse_bad_variables();
  }
}

void* loaded_core() {
  check_environment();
  bound_spinning();
  void* core = opened(core_file());
  if (core == nullptr)
    throw EnvironmentError(
        std::string("the program cannot load what it computes with: ") +
        dlerror()
    );
  return core;
}

/// The core's function of that name.
template <class Function>
Function* function_of(void* core, const char* name) {
  void* found = dlsym(core, name);
  if (found == nullptr) throw EnvironmentError(dlerror());
  return reinterpret_cast<Function*>(found);
}

}  // namespace

int run_in_core(const std::vector<std::string>& words) {
  auto* const run =
      function_of<decltype(digitorch_core_run)>(loaded_core(), kCoreRun);
  std::vector<const char*> texts;
  for (const std::string& word : words) texts.push_back(word.c_str());
  return run(texts.data(), texts.size());
}

std::string commands_of_core() {
  return function_of<decltype(digitorch_core_commands)>(
      loaded_core(), kCoreCommands
  )();
}

}  // namespace digitorch
