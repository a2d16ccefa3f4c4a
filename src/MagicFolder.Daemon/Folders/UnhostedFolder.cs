namespace MagicFolder.Daemon.Folders;

/// <summary>A state directory of a folder with which nothing can be done.</summary>
/// <param name="StateDirectory">Where it is.</param>
/// <param name="Reason">Why, and what to do, in whole sentences.</param>
internal sealed record UnhostedFolder(string StateDirectory, string Reason);
