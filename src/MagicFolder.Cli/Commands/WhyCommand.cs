using System.CommandLine;
namespace MagicFolder.Cli.Commands;
internal static class WhyCommand { internal static Command Create() => new("why", "why"); }
