namespace MagicFolder.Daemon.Configuration;

/// <summary>The directory that says everything about this computer's part: one daemon works with it. What is in it is for its owner alone.</summary>
/// <param name="Path">Absolute.</param>
public sealed record ConfigurationDirectory(string Path)
{
    public string ConfigurationFile => In("config.json");

    /// <summary>Where the daemon listens: <c>tcp:127.0.0.1:PORT</c>, as the Python magic-folder writes it.</summary>
    public string EndpointFile => In("api_client_endpoint");

    /// <summary>What every request to the daemon has to show.</summary>
    public string TokenFile => In("api_token");

    /// <summary>One state directory for each folder, named by the folder's id.</summary>
    public string Folders => In("folders");

    internal string LockFile => In("daemon.lock");

    public bool IsInitialized => File.Exists(ConfigurationFile);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
