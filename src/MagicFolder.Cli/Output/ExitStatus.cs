namespace MagicFolder.Cli.Output;

/// <summary>What the exit status says.</summary>
internal static class ExitStatus
{
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int Usage = 2;
    internal const int Remains = 3;
}
