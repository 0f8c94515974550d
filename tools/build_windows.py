"""What Windows is told of the two programs: their manifest and their version resource. Used by `build.spec`.

Written from Microsoft's documentation of application manifests and of `VERSIONINFO`.
"""

import importlib
import re
from typing import Any

#: `asInvoker`: it never asks to be administrator. The code page makes narrow strings UTF-8 from Windows 10 1903 on,
#: which is what fdb hands to the Firebird client: without it a path with accents is another path there.
MANIFEST = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security>
      <requestedPrivileges>
        <requestedExecutionLevel level="asInvoker" uiAccess="false"/>
      </requestedPrivileges>
    </security>
  </trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application>
      <supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/>
    </application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <dpiAware xmlns="http://schemas.microsoft.com/SMI/2005/WindowsSettings">true/pm</dpiAware>
      <dpiAwareness xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings"
        >PerMonitorV2, PerMonitor</dpiAwareness>
      <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
      <activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
    </windowsSettings>
  </application>
  <dependency>
    <dependentAssembly>
      <assemblyIdentity type="win32" name="Microsoft.Windows.Common-Controls" version="6.0.0.0"
        processorArchitecture="*" publicKeyToken="6595b64144ccf1df" language="*"/>
    </dependentAssembly>
  </dependency>
</assembly>
"""

_PORTUGUESE_UNICODE = "041604B0"
_LANGUAGE, _CODE_PAGE = 0x0416, 1200


def version_numbers(version: str) -> tuple[int, int, int, int]:
    """The four numbers of a Windows version: "1.2.3" gives (1, 2, 3, 0). Raises `ValueError` for anything else."""
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)(?:\.(\d+))?", version)
    if match is None:
        raise ValueError(f"not a version of three or four numbers: {version!r}")
    major, minor, patch, build = (int(number or 0) for number in match.groups())
    return major, minor, patch, build


def version_strings(version: str, program: str) -> dict[str, str]:
    """What the file's properties show."""
    return {
        "CompanyName": "Integrador",
        "FileDescription": "Integrador: mensagens do seu ERP por WhatsApp",
        "FileVersion": version,
        "InternalName": program,
        "LegalCopyright": "Veja a pasta LICENCAS",
        "OriginalFilename": f"{program}.exe",
        "ProductName": "Integrador",
        "ProductVersion": version,
    }


def version_resource(version: str, program: str) -> Any:
    """PyInstaller's object of the version resource; its module can be imported on Windows alone."""
    win = importlib.import_module("PyInstaller.utils.win32.versioninfo")
    numbers = version_numbers(version)
    texts = [win.StringStruct(name, text) for name, text in version_strings(version, program).items()]
    return win.VSVersionInfo(
        ffi=win.FixedFileInfo(filevers=numbers, prodvers=numbers, OS=0x40004, fileType=0x1),
        kids=[
            win.StringFileInfo([win.StringTable(_PORTUGUESE_UNICODE, texts)]),
            win.VarFileInfo([win.VarStruct("Translation", [_LANGUAGE, _CODE_PAGE])]),
        ],
    )
