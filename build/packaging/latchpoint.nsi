; The Windows installer (NSIS): per machine, silent with /S. Exit codes: 0 done, 1 the person ended it, 2 refused.
; Defined by build/packaging/make-nsis.ts: VERSION, FILE_VERSION, KIBIBYTES, STAGE, OUT, UPGRADE_CODE, and the lists of files.
Unicode true
ManifestDPIAware true
RequestExecutionLevel admin
SetCompressor /SOLID lzma
SetDateSave off
CRCCheck force
Name "Latchpoint"
OutFile "${OUT}"
; Empty unless /D names a folder: .onInit then takes that of the installed version.
InstallDir ""
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${FILE_VERSION}"
VIAddVersionKey ProductName "Latchpoint"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Latchpoint installer"
VIAddVersionKey LegalCopyright "The Latchpoint contributors"

!include LogicLib.nsh
!include WordFunc.nsh
!include x64.nsh
; The folder of the version that is installed; empty where there is none.
Var Installed
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Latchpoint"

Page instfiles
!ifdef SIGN
!uninstfinalize '"${SIGN}" "%1"' = 0
!endif
UninstPage uninstConfirm
UninstPage instfiles

Function .onInit
  SetRegView 64
  ${IfNot} ${RunningX64}
    MessageBox MB_ICONSTOP "Latchpoint wants Windows for x64." /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  ReadRegStr $0 HKLM "${UNINSTALL}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} $0 "${VERSION}" $1
    ${If} $1 == 1
      MessageBox MB_ICONSTOP "Version $0 is installed, and an older one may not read its data." /SD IDOK
      SetErrorLevel 2
      Quit
    ${EndIf}
  ${EndIf}
  ; 0: the MSI has installed one of its versions. The two would share a folder, and neither would know the other's files.
  System::Call 'msi::MsiEnumRelatedProductsW(w "{${UPGRADE_CODE}}", i 0, i 0, w .r1) i .r0'
  ${If} $0 == 0
    MessageBox MB_ICONSTOP "Latchpoint is installed here by its MSI. Remove that first, or go on with MSI." /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  ReadRegStr $Installed HKLM "${UNINSTALL}" "InstallLocation"
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR $Installed
  ${EndIf}
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR "$PROGRAMFILES64\Latchpoint"
  ${EndIf}
FunctionEnd

Function un.onInit
  SetRegView 64
FunctionEnd

Section
  ; A kiosk that runs holds its files; what it had acknowledged is on the disk.
  nsExec::Exec 'taskkill /F /IM Latchpoint.exe'
  Pop $0
  ; What an earlier version brought and this one does not, wherever it lies.
  ${If} $Installed != ""
  ${AndIf} ${FileExists} "$Installed\Uninstall.exe"
    ExecWait '"$Installed\Uninstall.exe" /S _?=$Installed'
    Delete "$Installed\Uninstall.exe"
    RMDir "$Installed"
  ${EndIf}
  !include "${STAGE}\install-files.nsh"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "Latchpoint"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "Publisher" "Latchpoint contributors"
  WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL}" "EstimatedSize" ${KIBIBYTES}
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  nsExec::Exec 'taskkill /F /IM Latchpoint.exe'
  Pop $0
  !include "${STAGE}\remove-files.nsh"
  Delete "$INSTDIR\Uninstall.exe"
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${UNINSTALL}"
SectionEnd
