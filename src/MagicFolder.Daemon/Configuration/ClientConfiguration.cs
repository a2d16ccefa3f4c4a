using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Daemon.Configuration;

/// <summary>What holds for all folders of this computer (docs/formats/client-configuration.md). Everything has a default.</summary>
/// <param name="Grid">The grid directory or grid file of new folders, absolute.</param>
/// <param name="PollSeconds">How often the grid is asked for news of others.</param>
/// <param name="ScanSeconds">How often a whole folder is looked through, whatever its watcher said.</param>
/// <param name="Port">Where the daemon listens on the loopback address; 0 for any free port.</param>
public sealed record ClientConfiguration(string Grid, int PollSeconds = ClientConfiguration.DefaultPollSeconds, int ScanSeconds = ClientConfiguration.DefaultScanSeconds, int Port = 0)
{
    public const int Version = 1;
    public const int DefaultPollSeconds = 2;
    public const int DefaultScanSeconds = 120;

    private const int LongestSeconds = 24 * 60 * 60;

    /// <exception cref="DamagedBytesException">Not such a file, or of a newer format.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ClientConfiguration Load(ConfigurationDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return Parse(File.ReadAllBytes(directory.ConfigurationFile), directory.ConfigurationFile);
    }

    public void Save(ConfigurationDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        PrivateFile.CreateDirectory(directory.Path);
        PrivateFile.Write(
            directory.ConfigurationFile,
            JsonSerializer.SerializeToUtf8Bytes(new Stored(Version, Grid, PollSeconds, ScanSeconds, Port), ClientConfigurationJson.Default.Stored));
    }

    internal static ClientConfiguration Parse(ReadOnlySpan<byte> bytes, string file)
    {
        Stored? stored;
        try
        {
            stored = JsonSerializer.Deserialize(bytes, ClientConfigurationJson.Default.Stored);
        }
        catch (JsonException e)
        {
            throw new DamagedBytesException(DamageReason.Malformed, $"{file} is no configuration (line {e.LineNumber + 1}); correct it, or remove it and run 'magic-folder init' again.");
        }
        if (stored is null || stored.Format < 1 || stored.Grid is not { Length: > 0 } grid || !Path.IsPathFullyQualified(grid))
            throw new DamagedBytesException(DamageReason.Malformed, $"{file} names no grid; correct it, or remove it and run 'magic-folder init' again.");
        if (stored.Format > Version) throw new DamagedBytesException(DamageReason.NewerFormat, $"{file} was written by a newer version of this program; update the program.");
        if (stored.PollSeconds is < 1 or > LongestSeconds || stored.ScanSeconds is < 1 or > LongestSeconds)
            throw new DamagedBytesException(DamageReason.Malformed, $"{file}: pollSeconds and scanSeconds take 1 to {LongestSeconds}.");
        if (stored.Port is < 0 or > ushort.MaxValue) throw new DamagedBytesException(DamageReason.Malformed, $"{file}: port takes 0 to {ushort.MaxValue}.");
        return new ClientConfiguration(grid, stored.PollSeconds, stored.ScanSeconds, stored.Port);
    }

    internal sealed record Stored(int Format, string? Grid, int PollSeconds = DefaultPollSeconds, int ScanSeconds = DefaultScanSeconds, int Port = 0);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ClientConfiguration.Stored))]
internal sealed partial class ClientConfigurationJson : JsonSerializerContext;
