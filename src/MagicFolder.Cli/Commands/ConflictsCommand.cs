using System.CommandLine;
namespace MagicFolder.Cli.Commands;
internal static class ConflictsCommand { internal static Command Create() => new("conflicts", "conflicts"); }
