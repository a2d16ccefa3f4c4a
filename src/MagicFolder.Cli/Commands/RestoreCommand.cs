using System.CommandLine;
namespace MagicFolder.Cli.Commands;
internal static class RestoreCommand { internal static Command Create() => new("restore", "restore"); }
