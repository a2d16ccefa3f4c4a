using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Sync.Explaining;

namespace MagicFolder.Cli.Composition;

/// <summary>Which configuration directory a command means.</summary>
internal static class ConfigurationChoice
{
    /// <summary>As given with <c>--config</c>, or $XDG_CONFIG_HOME/magic-folder (~/.config/magic-folder) and the like elsewhere.</summary>
    internal static ConfigurationDirectory Of(string? option) => new(Places.Real(option ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "magic-folder")));

    /// <exception cref="CommandException">There is none yet.</exception>
    internal static ConfigurationDirectory Existing(string? option)
    {
        var directory = Of(option);
        return directory.IsInitialized ? directory : throw new CommandException($"There is no configuration in {directory.Path} yet; make one with '{CommandFor(directory, "init")}'.");
    }

    /// <summary>How a user has to write a command so that it means this directory.</summary>
    internal static string CommandFor(ConfigurationDirectory directory, string command)
    {
        if (directory.Path == Of(null).Path) return $"magic-folder {command}";
        return $"magic-folder {command} --config {TypedWord.Of(directory.Path)}";
    }
}
