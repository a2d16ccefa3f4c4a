using System.CommandLine;
namespace MagicFolder.Cli.Commands;
internal static class HistoryCommand { internal static Command Create() => new("history", "history"); }
