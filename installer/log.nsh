; The log of installations, registro\instalacao.log in the data folder, and the one way to refuse. Texts are UTF-8.

; Writes TEXT with the time before it. No secret may come here.
!macro Log UN TEXT
  Push "${TEXT}"
  Call ${UN}Log
!macroend

; Tells why, in the log and to the person, and ends with the exit code.
!macro Refuse UN CODE TEXT
  Push "${TEXT}"
  Push ${CODE}
  Call ${UN}Refuse
!macroend

!macro LogFunctions UN

; Writes $0 to the open file $1, in UTF-8 and without a byte order mark.
Function ${UN}WriteUtf8
  System::Call 'kernel32::WideCharToMultiByte(i 65001, i 0, w r0, i -1, p 0, i 0, p 0, p 0) i.r2'
  System::Alloc $2
  Pop $3
  System::Call 'kernel32::WideCharToMultiByte(i 65001, i 0, w r0, i -1, p r3, i r2, p 0, p 0)'
  IntOp $2 $2 - 1 ; without the final zero
  System::Call 'kernel32::WriteFile(p r1, p r3, i r2, *i, p 0)'
  System::Free $3
FunctionEnd

Function ${UN}Log
  System::Store S
  Pop $0
  ${WordReplace} "$0" "${LINE}" " " "+" $0
  ${GetTime} "" "L" $1 $2 $3 $4 $5 $6 $7
  StrCpy $0 "$3-$2-$1 $5:$6:$7 $0${LINE}"
  SetDetailsPrint none ; the person sees what is being installed, not what is being noted
  CreateDirectory "${DATA}\registro"
  SetDetailsPrint lastused
  FileOpen $1 "${DATA}\registro\instalacao.log" a
  ${IfNot} ${Errors}
    FileSeek $1 0 END
    Call ${UN}WriteUtf8
    FileClose $1
  ${EndIf}
  ClearErrors
  System::Store L
FunctionEnd

Function ${UN}Refuse
  Pop $1
  Pop $0
  !insertmacro Log "${UN}" "$0 (código $1)"
  MessageBox MB_OK|MB_ICONSTOP "$0" /SD IDOK
  SetErrorLevel $1
  Quit
FunctionEnd

!macroend
!insertmacro LogFunctions ""
!insertmacro LogFunctions "un."
