; A program that stands in for the real ones in the tests of the installer: it notes how it was called, and answers as
; files in the root of the disk tell it to. Compiled twice: KIND is "program" (Integrador.exe) or "console".
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
SetCompressor zlib
Name "standin"
OutFile "${OUT}"
!include LogicLib.nsh
!include FileFunc.nsh

Section
  FileOpen $0 "C:\calls.txt" a
  FileSeek $0 0 END
  ${GetParameters} $1
  FileWriteUTF16LE $0 "$EXEFILE $1$\r$\n"
  FileClose $0
!if ${KIND} == "program"
  ${If} $1 == "--quit"
    ${If} ${FileExists} "C:\stubborn"
      SetErrorLevel 1
      Return
    ${EndIf}
    ${If} ${FileExists} "C:\running"
      FileOpen $0 "C:\quit" w
      FileClose $0
      ${Do}
        Sleep 50
      ${LoopWhile} ${FileExists} "C:\running"
    ${EndIf}
    Return
  ${EndIf}
  ; It runs until it is asked to end, for two minutes at most.
  FileOpen $0 "C:\running" w
  FileClose $0
  ${For} $2 1 1200
    ${If} ${FileExists} "C:\quit"
      ${Break}
    ${EndIf}
    Sleep 100
  ${Next}
  Delete "C:\quit" ; first: whoever waits for the other file may start the program again
  Delete "C:\running"
!else
  StrCpy $2 "$1" 5
  ${If} $2 == "hold " ; keeps a file open, as an editor would, while C:\held is there
    StrCpy $2 "$1" "" 5
    ${Do}
      ClearErrors
      FileOpen $3 "$2" a
    ${LoopWhile} ${Errors} ; somebody else may have it open for a moment
    FileOpen $0 "C:\held" w
    FileClose $0
    ${Do}
      Sleep 50
    ${LoopWhile} ${FileExists} "C:\held"
    Return
  ${EndIf}
  ${If} ${FileExists} "C:\console-fails"
    SetErrorLevel 1
  ${ElseIf} $1 == "service status"
  ${AndIf} ${FileExists} "C:\status-fails" ; once
    Delete "C:\status-fails"
    SetErrorLevel 1
  ${ElseIf} $1 == "service status"
  ${AndIfNot} ${FileExists} "C:\service"
    SetErrorLevel 10
  ${ElseIf} $1 == "service status"
  ${AndIf} ${FileExists} "C:\stopped"
    SetErrorLevel 11
  ${ElseIf} $1 == "service remove"
  ${AndIf} ${FileExists} "C:\remove-fails"
    SetErrorLevel 1
  ${ElseIf} $1 == "service remove"
    Delete "C:\service"
    Delete "C:\stopped"
  ${ElseIf} $1 == "service stop"
    FileOpen $0 "C:\stopped" w
    FileClose $0
  ${ElseIf} $1 == "service start"
    Delete "C:\stopped"
  ${Else}
    StrCpy $2 "$1" 15
    ${If} $2 == "service install"
      FileOpen $0 "C:\service" w
      FileClose $0
      Delete "C:\stopped"
    ${EndIf}
  ${EndIf}
!endif
SectionEnd
