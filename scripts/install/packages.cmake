# Packages: `cpack` in the build folder makes four for Debian and Ubuntu, and one
# .tar.gz with all of them.
set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_PACKAGE_VENDOR "The digitorch authors")
set(CPACK_PACKAGE_CONTACT "The digitorch authors <digitorch@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "Train, examine and use networks that read digits")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_COMPONENTS_ALL program library development)
if(DIGITORCH_INSTALL_LIBTORCH)
  list(APPEND CPACK_COMPONENTS_ALL libtorch)
  set(CPACK_COMPONENT_PROGRAM_DEPENDS libtorch)
  set(CPACK_COMPONENT_LIBRARY_DEPENDS libtorch)
endif()
set(CPACK_COMPONENT_DEVELOPMENT_DEPENDS library)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "The program digitorch")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "The library for other programs")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "Headers of the library, and how CMake and pkg-config find it")
set(CPACK_COMPONENT_LIBTORCH_DESCRIPTION
    "LibTorch's libraries, as digitorch was built with them")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME digitorch)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libdigitorch0)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libdigitorch-dev)
set(CPACK_DEBIAN_LIBTORCH_PACKAGE_NAME digitorch-libtorch)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBTORCH_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)
# The system's packages that ours load: from the machine that builds them. Those
# of LibTorch are in one of ours.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${libtorch_folder})
include(CPack)
