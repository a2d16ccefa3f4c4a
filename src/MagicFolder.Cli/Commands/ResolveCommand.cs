using System.CommandLine;
namespace MagicFolder.Cli.Commands;
internal static class ResolveCommand { internal static Command Create() => new("resolve", "resolve"); }
