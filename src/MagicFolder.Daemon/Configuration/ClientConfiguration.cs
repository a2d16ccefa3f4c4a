using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Model;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Daemon.Configuration;

/// <summary>What holds for all folders of this computer (docs/formats/client-configuration.md). Everything has a default.</summary>
/// <param name="Grid">The grid directory or grid file of new folders, absolute.</param>
/// <param name="PollSeconds">How often the grid is asked for news of others.</param>
/// <param name="ScanSeconds">How often a whole folder is looked through, whatever its watcher said.</param>
/// <param name="Port">Where the daemon listens on the loopback address; 0 for any free port.</param>
/// <param name="UploadBytesPerSecond">How fast shares are written to the grid, all folders and servers together; 0 for no limit.</param>
/// <param name="DownloadBytesPerSecond">How fast shares are read from it.</param>
/// <param name="GcDays">How often what no history refers to any more is freed, in folders with a rule for that; in days, 0 for never.</param>
/// <param name="Threads">On how many threads each folder is worked; 0 for one for each processor, at most four.</param>
public sealed record ClientConfiguration(
    string Grid, int PollSeconds = ClientConfiguration.DefaultPollSeconds, int ScanSeconds = ClientConfiguration.DefaultScanSeconds, int Port = 0, long UploadBytesPerSecond = 0,
    long DownloadBytesPerSecond = 0, int GcDays = ClientConfiguration.DefaultGcDays, int Threads = 0)
{
    public const int Version = 1;
    public const int DefaultPollSeconds = 2;
    public const int DefaultScanSeconds = 120;
    public const int DefaultGcDays = 1;
    public const string PortKey = "port";

    private const int LongestSeconds = 24 * 60 * 60;
    private const int MostGcDays = 365;
    private const string PollKey = "pollSeconds";
    private const string ScanKey = "scanSeconds";
    private const string UploadKey = "uploadBytesPerSecond";
    private const string DownloadKey = "downloadBytesPerSecond";
    private const string GcKey = "gcDays";
    private const string ThreadsKey = "threads";

    /// <summary>The members of the file that are numbers.</summary>
    public static ImmutableArray<string> NumberKeys { get; } = [PollKey, ScanKey, PortKey, UploadKey, DownloadKey, GcKey, ThreadsKey];

    /// <param name="key">One of <see cref="NumberKeys"/>.</param>
    public long Number(string key) => key switch
    {
        PollKey => PollSeconds,
        ScanKey => ScanSeconds,
        PortKey => Port,
        UploadKey => UploadBytesPerSecond,
        DownloadKey => DownloadBytesPerSecond,
        GcKey => GcDays,
        ThreadsKey => Threads,
        _ => throw new ArgumentException("There is no such number.", nameof(key)),
    };

    /// <param name="key">One of <see cref="NumberKeys"/>.</param>
    /// <param name="value">What it is to be.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="DamagedBytesException">The file would not be one any more; the message says what it takes.</exception>
    public ClientConfiguration With(string key, long value, string file)
    {
        int small = (int)Math.Min(value, int.MaxValue);
        var changed = key switch
        {
            PollKey => this with { PollSeconds = small },
            ScanKey => this with { ScanSeconds = small },
            PortKey => this with { Port = small },
            UploadKey => this with { UploadBytesPerSecond = value },
            DownloadKey => this with { DownloadBytesPerSecond = value },
            GcKey => this with { GcDays = small },
            ThreadsKey => this with { Threads = small },
            _ => throw new ArgumentException("There is no such number.", nameof(key)),
        };
        return Parse(changed.ToBytes(), file);
    }

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
        PrivateFile.Write(directory.ConfigurationFile, ToBytes());
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
        if (stored.UploadBytesPerSecond < 0 || stored.DownloadBytesPerSecond < 0)
            throw new DamagedBytesException(DamageReason.Malformed, $"{file}: {UploadKey} and {DownloadKey} take a number from 1, or 0 for no limit.");
        if (stored.GcDays is < 0 or > MostGcDays) throw new DamagedBytesException(DamageReason.Malformed, $"{file}: {GcKey} takes 1 to {MostGcDays}, or 0 for never.");
        if (stored.Threads is < 0 or > EngineOptions.MostThreads) throw new DamagedBytesException(DamageReason.Malformed, $"{file}: {ThreadsKey} takes 1 to {EngineOptions.MostThreads}, or 0 for one for each processor.");
        return new ClientConfiguration(grid, stored.PollSeconds, stored.ScanSeconds, stored.Port, stored.UploadBytesPerSecond, stored.DownloadBytesPerSecond, stored.GcDays, stored.Threads);
    }

    private byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new Stored(Version, Grid, PollSeconds, ScanSeconds, Port, UploadBytesPerSecond, DownloadBytesPerSecond, GcDays, Threads), ClientConfigurationJson.Default.Stored);

    internal sealed record Stored(int Format, string? Grid, int PollSeconds = DefaultPollSeconds, int ScanSeconds = DefaultScanSeconds, int Port = 0, long UploadBytesPerSecond = 0, long DownloadBytesPerSecond = 0,
        int GcDays = DefaultGcDays, int Threads = 0);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ClientConfiguration.Stored))]
internal sealed partial class ClientConfigurationJson : JsonSerializerContext;
