using System.Buffers.Text;
using System.Text;
using MagicFolder.Daemon.Api;
using MagicFolder.Daemon.Folders;
using MagicFolder.Sync;
using MagicFolder.Sync.Folders;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Daemon.Lifetime;

/// <summary>The daemon from start to end: one for each configuration.</summary>
public static partial class DaemonProcess
{
    private const int TokenLength = 32;

    /// <summary>Runs until cancelled. Ready when the endpoint file is there; systemd is told, if it wants to know.</summary>
    /// <exception cref="RefusedException">Another daemon runs with this configuration.</exception>
    /// <exception cref="IOException">The port is taken, or the directory cannot be written to.</exception>
    public static async Task RunAsync(DaemonEnvironment environment, ILoggerFactory logs, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(logs);
        var directory = environment.Directory;
        using var only = await DaemonLock.TakeAsync(
            directory, $"Another daemon runs with the configuration in {directory.Path}; stop that first, or give another one with --config.", environment.Time, cancel);
        var log = logs.CreateLogger("MagicFolder");
        string token = NewToken(environment);
        await using var host = new FolderHost(environment, new EventHub(environment.Time), logs);
        await host.StartAsync();
        foreach (var folder in host.Unhosted) LogUnhosted(log, folder.Reason);
        ApiServer server;
        try
        {
            server = await ApiServer.StartAsync(host, token, environment.Configuration.Port, logs, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped as it starts: no more is to be done than if it had come to that.
            return;
        }
        await using var stopping = server;
        PrivateFile.Write(directory.TokenFile, Encoding.ASCII.GetBytes(token));
        PrivateFile.Write(directory.EndpointFile, Encoding.ASCII.GetBytes($"tcp:{server.Address.Host}:{server.Address.Port}\n"));
        try
        {
            LogReady(log, host.All.Count, server.Address);
            SystemdNotification.Ready();
            await new TimedCollection(stop => HostCollection.CollectUnaskedAsync(host, stop), () => environment.Configuration.GcDays, environment.Time).RunAsync(cancel);
            SystemdNotification.Stopping();
            LogEnds(log);
        }
        finally
        {
            DaemonLock.RemoveAddress(directory);
        }
    }

    private static string NewToken(DaemonEnvironment environment)
    {
        byte[] secret = new byte[TokenLength];
        environment.Random.Fill(secret);
        return Base64Url.EncodeToString(secret);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Ready: {Count} folders; listening on {Address}")]
    private static partial void LogReady(ILogger log, int count, Uri address);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Stopping")]
    private static partial void LogEnds(ILogger log);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "{Reason}")]
    private static partial void LogUnhosted(ILogger log, string reason);
}
