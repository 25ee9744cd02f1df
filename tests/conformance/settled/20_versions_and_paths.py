# The version is that of the language and its library.
import sys
import sysconfig

info = sys.version_info
print(info[:2], info.major, info.minor, info.releaselevel, len(info))
print(sys.version.split()[0] == "%d.%d.%d" % info[:3])
print(sys.hexversion >> 16 == (info.major << 8 | info.minor))
print(repr(sys.abiflags), sys.maxsize == 2**63 - 1, sys.byteorder, sys.platform)
print(sysconfig.get_python_version(), sysconfig.get_config_var("py_version_nodot"))
print("python3.14" in sysconfig.get_path("stdlib"))
print(sys.implementation.version[:2], sys.api_version)
