namespace MagicFolder.Daemon.Folders;

/// <summary>What the daemon notes in the state directory of a folder, beside what the folder itself keeps there.</summary>
public static class HostedState
{
    /// <summary>Why nothing is done with it, as a clause.</summary>
    public const string PausedReason = "it is paused; 'magic-folder resume' lets it go on";

    public static bool IsPaused(string stateDirectory) => File.Exists(PauseFile(stateDirectory));

    internal static string PauseFile(string stateDirectory) => Path.Combine(stateDirectory, "paused");
}
