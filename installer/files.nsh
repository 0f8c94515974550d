; The program's files. arquivos.txt, which stays in the program's folder, says what was installed: one relative path per
; line, UTF-16, files first, then folders, which end with a backslash, the deepest first. What it does not name is not ours.
;
; A new version is unpacked in NEW; the old one is renamed into OLD entry by entry, then the new one is renamed into place.
; The renaming of OLD into GONE ends the exchange: while there is an OLD, it broke off, and all of it goes back. The three
; names are nobody else's, because what is in them is erased.

!macro ListFunctions UN

; Calls the function at address $R1 for each path, $R2, of the list in file $R0, until it sets $R3. A list can have been
; written by anybody who may write to the folder: paths that lead out of it are left out.
Function ${UN}EachListed
  StrCpy $R3 ""
  ClearErrors
  FileOpen $R4 "$R0" r
  ${If} ${Errors}
    Return
  ${EndIf}
  ${Do}
    ClearErrors
    FileReadUTF16LE $R4 $R2
    ${If} ${Errors}
      ${Break}
    ${EndIf}
    ${TrimNewLines} "$R2" $R2
    System::Call 'shlwapi::StrStrW(w R2, w "..") p.r0'
    System::Call 'shlwapi::StrStrW(w R2, w ":") p.r1'
    StrCpy $2 "$R2" 1
    ${If} $0 P= 0
    ${AndIf} $1 P= 0
    ${AndIf} $2 != "\"
    ${AndIf} $2 != ""
      Call $R1
    ${EndIf}
  ${LoopUntil} $R3 != ""
  FileClose $R4
  ClearErrors
FunctionEnd

!macroend
!insertmacro ListFunctions ""
!insertmacro ListFunctions "un."

Function Unpack
  DetailPrint "Copiando os arquivos..."
  Call ProtectProgram
  RMDir /r "${NEW}"
  SetOutPath "${NEW}"
  File /r "${GLOB}"
  File "/oname=${LIST_NAME}" "${LIST}"
  WriteUninstaller "${NEW}\${UNINSTALLER}"
  SetOutPath "$TEMP" ; a process' current folder cannot be renamed
  InitPluginsDir
  File "/oname=$PLUGINSDIR\new.txt" "${LIST}"
FunctionEnd

Function DropUnpacked
  SetOutPath "$TEMP"
  RMDir /r "${NEW}"
  RMDir "$INSTDIR" ; only if nothing else is there
FunctionEnd

; Pushes the entry that could not be moved, with everything put back, or nothing.
Function ChangePlaces
  DetailPrint "Trocando a versão..."
  CreateDirectory "${OLD}"
  ; The installed list is itself one of the files that move.
  CopyFiles /SILENT "$INSTDIR\${LIST_NAME}" "$PLUGINSDIR\old.txt"
  GetFunctionAddress $R1 SetAside
  StrCpy $R0 "$PLUGINSDIR\old.txt"
  Call EachListed
  ${If} $R3 == ""
    StrCpy $R0 "$PLUGINSDIR\new.txt" ; files of ours that no list names, from an installation that broke off
    Call EachListed
  ${EndIf}
  ${If} $R3 == ""
    StrCpy $R0 "${NEW}"
    Call MoveHere
  ${EndIf}
  ${If} $R3 == ""
    StrCpy $R6 "${OLD}"
    StrCpy $R7 "${GONE}"
    Call MoveOne
  ${EndIf}
  ${If} $R3 != ""
    Push $R3
    !insertmacro Log "" "Não pôde ser trocado: $R3. A versão anterior volta ao lugar."
    StrCpy $R0 "$PLUGINSDIR\new.txt"
    GetFunctionAddress $R1 TakeBack
    Call EachListed
    Call PutBack
    Return
  ${EndIf}
  RMDir /r "${GONE}"
  RMDir "${NEW}"
  Push ""
FunctionEnd

; An exchange that broke off, by a power cut for one, is undone before anything else is tried.
Function UndoBroken
  RMDir /r "${GONE}"
  ${If} ${FileExists} "${OLD}\*.*"
    !insertmacro Log "" "Uma troca anterior foi interrompida. A versão que estava instalada volta ao lugar."
    Call PutBack
  ${EndIf}
FunctionEnd

; All that is in OLD goes back; $Astray = an entry that could not, or empty. The others go back whatever becomes of it.
Function PutBack
  StrCpy $Astray ""
  CreateDirectory "${GONE}"
  FindFirst $R8 $R5 "${OLD}\*"
  ${DoWhile} $R5 != ""
    ${If} $R5 != "."
    ${AndIf} $R5 != ".."
      Call PutOneBack
    ${EndIf}
    FindNext $R8 $R5
  ${Loop}
  FindClose $R8
  ClearErrors
  RMDir "${OLD}"
  RMDir /r "${GONE}"
FunctionEnd

Function PutOneBack
  StrCpy $R3 ""
  StrCpy $R6 "$INSTDIR\$R5"
  StrCpy $R7 "${GONE}\$R5"
  ${If} ${FileExists} "$R6"
    Call MoveOne
  ${EndIf}
  ${If} $R3 == ""
    StrCpy $R6 "${OLD}\$R5"
    StrCpy $R7 "$INSTDIR\$R5"
    Call MoveOne
  ${EndIf}
  ${If} $R3 != ""
    StrCpy $Astray "$R3"
    !insertmacro Log "" "Não voltou ao lugar: $R3."
  ${EndIf}
FunctionEnd

; Callbacks of EachListed: both care for the entries of the program's folder itself only.
Function SetAside
  Call TopEntry
  ${If} $R5 != ""
  ${AndIf} ${FileExists} "$INSTDIR\$R5"
    StrCpy $R6 "$INSTDIR\$R5"
    StrCpy $R7 "${OLD}\$R5"
    Call MoveOne
  ${EndIf}
FunctionEnd

Function TakeBack
  Call TopEntry
  ${If} $R5 != ""
  ${AndIf} ${FileExists} "$INSTDIR\$R5"
  ${AndIfNot} ${FileExists} "${NEW}\$R5"
    StrCpy $R6 "$INSTDIR\$R5"
    StrCpy $R7 "${NEW}\$R5"
    Call MoveOne
    StrCpy $R3 "" ; the others go back whatever happens to this one
  ${EndIf}
FunctionEnd

; $R5 = the entry that $R2 names, without a folder's backslash; empty when it is deeper down.
Function TopEntry
  StrCpy $R5 "$R2"
  StrCpy $0 "$R5" 1 -1
  ${If} $0 == "\"
    StrCpy $R5 "$R5" -1
  ${EndIf}
  System::Call 'shlwapi::StrStrW(w R5, w "\") p.r0'
  ${If} $0 P<> 0
    StrCpy $R5 ""
  ${EndIf}
FunctionEnd

; Moves all that is in folder $R0 to the program's folder. $R3 = the entry that could not be moved, or empty.
Function MoveHere
  StrCpy $R3 ""
  FindFirst $R8 $R5 "$R0\*"
  ${DoWhile} $R5 != ""
    ${If} $R5 != "."
    ${AndIf} $R5 != ".."
      StrCpy $R6 "$R0\$R5"
      StrCpy $R7 "$INSTDIR\$R5"
      Call MoveOne
      ${If} $R3 != ""
        ${Break}
      ${EndIf}
    ${EndIf}
    FindNext $R8 $R5
  ${Loop}
  FindClose $R8
  ClearErrors
FunctionEnd

; Renames $R6 to $R7; $R3 = $R6 when it cannot. Antivirus programs hold new files for a moment.
Function MoveOne
  ${For} $1 1 ${TRIES}
    ClearErrors
    Rename "$R6" "$R7"
    ${IfNot} ${Errors}
      Return
    ${EndIf}
    Sleep 250
  ${Next}
  ClearErrors
  StrCpy $R3 "$R6"
FunctionEnd
