using System.CommandLine;
using System.Globalization;

namespace MagicFolder.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    internal static Option<string?> State() => new("--state") { Description = "The state directory of the folder (default: the one that 'sync' chose)", HelpName = "DIR" };

    internal static Option<string?> Config() => new("--config") { Description = "The configuration directory (default: magic-folder in the user's configuration directory)", HelpName = "DIR" };

    internal static Option<string?> Folder() => new("--folder") { Description = "The folder, as 'list' shows it", HelpName = "FOLDER" };

    internal static Argument<string> Path(string description) => new("PATH") { Description = $"{description}, relative to the folder, or a path of the file system in a participant's directory" };

    internal static Option<bool> Json() => new("--json") { Description = "Print one JSON document" };

    internal static Option<string?> As() => new("--as") { Description = "The participant to act for (default: the one whose directory PATH is in, else the first)", HelpName = "NAME" };

    internal static Option<string?> Grid() => new("--grid") { Description = "Where the encrypted data is stored: a directory, or a grid file (default: a directory under the user's data directory)", HelpName = "GRID" };

    /// <summary>See <see cref="Composition.Priority"/>.</summary>
    internal static Option<bool> LowPriority() => new("--low-priority") { Description = "Let all other programs of this computer go first" };

    internal static Option<int?> Number(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = given =>
        {
            if (int.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number;
            given.AddError($"{name} takes a number, not '{given.Tokens[0].Value}'.");
            return null;
        },
    };

    internal static Argument<string> Cap(string more = "") => new("CAP") { Description = $"The cap of a file or a directory, as 'put' prints it, or of Tahoe-LAFS{more}" };
}
