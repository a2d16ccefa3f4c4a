using MagicFolder.Model;

namespace MagicFolder.Daemon.Configuration;

/// <summary>The settings that a daemon works by now; they may change while it runs. Safe for concurrent use.</summary>
public sealed class CurrentConfiguration(ClientConfiguration configuration)
{
    private readonly Lock _changing = new();
    private volatile ClientConfiguration _value = configuration;

    public ClientConfiguration Value => _value;

    /// <summary>Changes one setting, in the file first. What else was changed in the file meanwhile counts as well, but for the grid, with which the daemon works as it is.</summary>
    /// <param name="directory">Whose file.</param>
    /// <param name="key">One of <see cref="ClientConfiguration.NumberKeys"/>.</param>
    /// <param name="value">What it is to be.</param>
    /// <exception cref="DamagedBytesException">It cannot be that; the message says what it takes.</exception>
    internal void Change(ConfigurationDirectory directory, string key, long value)
    {
        lock (_changing)
        {
            var changed = ClientConfiguration.Load(directory).With(key, value, directory.ConfigurationFile);
            changed.Save(directory);
            _value = changed with { Grid = _value.Grid };
        }
    }
}
