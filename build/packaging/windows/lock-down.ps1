<#
.SYNOPSIS
  Makes Latchpoint the shell of one Windows account, and blocks the keys that lead out of it.
.DESCRIPTION
  Needs an Enterprise, Education or IoT Enterprise edition (Shell Launcher, Keyboard Filter) and an elevated prompt.
  Exit codes of Latchpoint: 10 start it again, 11 restart the computer, 12 a manager has left, 78 broken configuration.
.EXAMPLE
  .\lock-down.ps1 -Account STORE17\kiosk -Path "C:\Program Files\Latchpoint\Latchpoint.exe"
#>
[CmdletBinding(SupportsShouldProcess)]
param(
  [Parameter(Mandatory)] [string] $Account,
  [Parameter(Mandatory)] [string] $Path
)
$ErrorActionPreference = 'Stop'
if (-not (Test-Path $Path)) { throw "There is no program at $Path" }

$features = 'Client-EmbeddedShellLauncher', 'Client-KeyboardFilter'
foreach ($feature in $features) {
  if ((Get-WindowsOptionalFeature -Online -FeatureName $feature).State -ne 'Enabled') {
    if ($PSCmdlet.ShouldProcess($feature, 'Enable')) {
      Enable-WindowsOptionalFeature -Online -FeatureName $feature -All -NoRestart | Out-Null
    }
  }
}

$sid = ([System.Security.Principal.NTAccount] $Account).Translate([System.Security.Principal.SecurityIdentifier]).Value
$space = 'root\standardcimv2\embedded'

# Actions of Shell Launcher: 0 restart the shell, 1 restart the computer, 2 shut down, 3 do nothing.
$codes = [int[]] @(10, 11, 12, 78)
$actions = [int[]] @(0, 1, 3, 3)
if ($PSCmdlet.ShouldProcess($Account, "Make $Path the shell")) {
  $launcher = [wmiclass] "\\localhost\${space}:WESL_UserSetting"
  $launcher.SetDefaultShell('explorer.exe', 3) | Out-Null
  $launcher.SetCustomShell($sid, """$Path""", $codes, $actions, 0) | Out-Null
  $launcher.SetEnabled($true) | Out-Null
}

$keys = 'Alt+F4', 'Alt+Tab', 'Alt+Esc', 'Ctrl+Esc', 'Ctrl+Alt+Del', 'Ctrl+Shift+Esc', 'Shift+Ctrl+Esc', 'Windows', 'Win+D',
  'Win+E', 'Win+L', 'Win+R', 'Win+Tab', 'Win+U', 'Win+X', 'F11'
foreach ($key in $keys) {
  $rule = Get-CimInstance -Namespace $space -ClassName WEKF_PredefinedKey | Where-Object Id -EQ $key
  if ($rule -and $PSCmdlet.ShouldProcess($key, 'Block')) {
    $rule.Enabled = 1
    Set-CimInstance -InputObject $rule
  }
}
# Administrators keep their keys, or nobody could undo this.
$setting = Get-CimInstance -Namespace $space -ClassName WEKF_Settings | Where-Object Name -EQ 'DisableKeyboardFilterForAdministrators'
if ($setting) { $setting.Value = 'true'; Set-CimInstance -InputObject $setting }
Write-Output 'Restart the computer for the lock-down to take effect.'
