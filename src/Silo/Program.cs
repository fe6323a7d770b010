using SlungOrleans.Silo.Commands;

return await LabCommands.Create().Parse(args).InvokeAsync();
